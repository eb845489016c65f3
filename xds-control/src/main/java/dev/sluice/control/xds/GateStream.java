package dev.sluice.control.xds;

import com.google.protobuf.Any;
import dev.sluice.contract.GateName;
import dev.sluice.contract.Parsed;
import dev.sluice.control.change.NodeSpec;
import dev.sluice.control.snapshot.CompiledGates.Compiled;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One stream of gates to one node, by the incremental xDS protocol. Only what the node lacks is sent, and of a gate that
 * changed several times while the node was slow only the last. A refused gate is sent again when it has changed.
 *
 * <p>Thread-safe: guarded by its own lock.
 */
final class GateStream implements StreamObserver<DeltaDiscoveryRequest> {
    static final String TYPE_URL = "type.googleapis.com/sluice.gate.v1.Gate";

    private final GateHub hub;
    private final NodeLedger ledger;
    private final ServerCallStreamObserver<DeltaDiscoveryResponse> out;
    private final Set<String> wanted = new TreeSet<>();
    /** Version last sent of each name, empty for one that was told absent. */
    private final Map<String, String> sent = new HashMap<>();
    private final Map<String, Map<String, String>> unanswered = new HashMap<>();
    private Optional<NodeLedger.Connection> connection = Optional.empty();
    private int contractVersion;
    private String refusal = "";
    private long nextNonce = 1;
    private boolean ended;

    GateStream(GateHub hub, NodeLedger ledger, ServerCallStreamObserver<DeltaDiscoveryResponse> out) {
        this.hub = hub;
        this.ledger = ledger;
        this.out = out;
        out.setOnReadyHandler(this::push);
        out.setOnCancelHandler(this::end);
    }

    @Override
    public synchronized void onNext(DeltaDiscoveryRequest request) {
        if (connection.isEmpty() && !identify(request)) {
            return;
        }
        if (!request.getTypeUrl().isEmpty() && !request.getTypeUrl().equals(TYPE_URL)) {
            fail("type_url \"" + request.getTypeUrl() + "\" (expected: " + TYPE_URL + ")");
            return;
        }
        if (!request.getResponseNonce().isEmpty() && !answered(request)) {
            return;
        }
        for (String name : request.getResourceNamesSubscribeList()) {
            if (!wanted.add(name)) {
                sent.remove(name);
            }
        }
        request.getResourceNamesUnsubscribeList().forEach(name -> {
            wanted.remove(name);
            sent.remove(name);
        });
        push();
        connection.ifPresent(known -> ledger.changed(List.of(known)));
    }

    private boolean identify(DeltaDiscoveryRequest request) {
        Node node = request.getNode();
        switch (NodeReader.read(node)) {
            case Parsed.Ok<NodeSpec>(NodeSpec spec) -> {
                contractVersion = spec.gateContractVersion();
                sent.putAll(request.getInitialResourceVersionsMap());
                connection = Optional.of(ledger.connected(spec));
                return true;
            }
            case Parsed.Refused<NodeSpec> refused -> {
                fail(refused.problems().toString());
                return false;
            }
        }
    }

    /** The node's word on a response; says whether the response was ours. */
    private boolean answered(DeltaDiscoveryRequest request) {
        Map<String, String> response = unanswered.remove(request.getResponseNonce());
        if (response == null) {
            fail("response_nonce \"" + request.getResponseNonce() + "\" (expected: one of this stream)");
            return false;
        }
        // A refused gate counts as sent: it goes out again when it has another version.
        refusal = request.hasErrorDetail() ? request.getErrorDetail().getMessage() : "";
        return true;
    }

    /** Sends what the node lacks, if it can take more. */
    synchronized void push() {
        if (ended || connection.isEmpty() || !out.isReady()) {
            return;
        }
        Map<String, Resource> changed = new HashMap<>();
        Set<String> removed = new HashSet<>();
        for (String name : wanted) {
            Optional<Compiled> gate = visible(name);
            String version = gate.map(found -> found.resource().version()).orElse("");
            if (!version.equals(sent.get(name))) {
                gate.ifPresentOrElse(found -> changed.put(name, resource(found)), () -> removed.add(name));
            }
        }
        if (!changed.isEmpty() || !removed.isEmpty()) {
            send(changed, removed);
        }
    }

    /** A gate as this node may see it: one of a later contract than it knows does not exist for it. */
    private Optional<Compiled> visible(String name) {
        return GateName.parse(name)
                .toOptional()
                .flatMap(hub::find)
                .filter(gate -> gate.state().content().contractVersion() <= contractVersion);
    }

    private void send(Map<String, Resource> changed, Set<String> removed) {
        String nonce = Long.toString(nextNonce++);
        Map<String, String> versions = new HashMap<>();
        changed.forEach((name, resource) -> versions.put(name, resource.getVersion()));
        removed.forEach(name -> versions.put(name, ""));
        sent.putAll(versions);
        unanswered.put(nonce, versions);
        out.onNext(DeltaDiscoveryResponse.newBuilder()
                .setTypeUrl(TYPE_URL)
                .setNonce(nonce)
                .addAllResources(changed.values())
                .addAllRemovedResources(removed)
                .build());
    }

    private static Resource resource(Compiled gate) {
        return Resource.newBuilder()
                .setName(gate.resource().name())
                .setVersion(gate.resource().version())
                .setResource(Any.pack(gate.resource().message()))
                .build();
    }

    /** Reason of the node's last answer if that was a refusal, else empty. */
    synchronized String refusal() {
        return refusal;
    }

    private void fail(String why) {
        end();
        out.onError(Status.INVALID_ARGUMENT.withDescription(why).asRuntimeException());
    }

    @Override
    public void onError(Throwable broken) {
        end();
    }

    @Override
    public void onCompleted() {
        end();
        out.onCompleted();
    }

    private synchronized void end() {
        if (!ended) {
            ended = true;
            hub.remove(this);
            connection.ifPresent(ledger::disconnected);
        }
    }
}
