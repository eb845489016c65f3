package dev.sluice.control.xds;

import dev.sluice.contract.GateName;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.evidence.GateNames;
import dev.sluice.control.snapshot.CompiledGates;
import dev.sluice.control.snapshot.CompiledGates.Compiled;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One stream of gates to one node, by the incremental xDS protocol. Only what the node lacks is
 * sent, and of a gate that changed several times while the node was slow only the last. A refused
 * gate is sent again when it has changed.
 *
 * <p>Thread-safe: guarded by its own lock.
 */
final class GateStream implements StreamObserver<DeltaDiscoveryRequest> {
    static final String TYPE_URL = "type.googleapis.com/sluice.gate.v1.Gate";

    private final GateHub hub;
    private final NodeLedger ledger;
    private final ServerCallStreamObserver<DeltaDiscoveryResponse> out;

    private final GateNames names;

    /** What the node wants, by its text. */
    private final Map<String, GateNames.Written> wanted = new HashMap<>();

    /** Version last sent of each name, empty for one that was told absent. */
    private final Map<String, String> sent = new HashMap<>();

    /** Revisions later than ours with which the node came. */
    private final Map<GateName, GateRevision> ahead = new HashMap<>();

    /** Gates that the responses brought which are not answered, by nonce. */
    private final Map<String, Set<GateName>> unanswered = new HashMap<>();

    private Optional<NodeLedger.Connection> connection = Optional.empty();
    private int contractVersion;
    private long nextNonce = 1;
    private boolean ended;

    GateStream(
            GateHub hub,
            NodeLedger ledger,
            GateNames names,
            ServerCallStreamObserver<DeltaDiscoveryResponse> out) {
        this.hub = hub;
        this.ledger = ledger;
        this.names = names;
        this.out = out;
        out.setOnReadyHandler(this::push);
        out.setOnCancelHandler(() -> onError(Status.CANCELLED.asRuntimeException()));
    }

    @Override
    public synchronized void onNext(DeltaDiscoveryRequest request) {
        if (ended || (connection.isEmpty() && !identify(request))) {
            return;
        }
        if (!request.getTypeUrl().isEmpty() && !request.getTypeUrl().equals(TYPE_URL)) {
            fail(
                    "type_url "
                            + Problem.quote(request.getTypeUrl())
                            + " (expected "
                            + TYPE_URL
                            + ")");
            return;
        }
        if (!request.getResponseNonce().isEmpty() && !answered(request)) {
            return;
        }
        Optional<String> tooMuch = AskedNames.tooMuch(request, wanted.keySet());
        if (tooMuch.isPresent()) {
            fail(tooMuch.get());
            return;
        }
        request.getResourceNamesSubscribeList().forEach(this::want);
        request.getResourceNamesUnsubscribeList()
                .forEach(name -> {
                    wanted.remove(name);
                    forget(name);
                });
        push(request.getResourceNamesSubscribeList());
        connection.ifPresent(ledger::heard);
    }

    /** Whoever subscribes again has lost what it had. */
    private void want(String name) {
        GateNames.Written written = names.read(name);
        if (wanted.putIfAbsent(written.text(), written) != null) {
            forget(name);
        }
    }

    private void forget(String name) {
        sent.remove(name);
        names.read(name).gate().ifPresent(ahead::remove);
    }

    private boolean identify(DeltaDiscoveryRequest request) {
        Node node = request.getNode();
        switch (NodeReader.read(node)) {
            case Parsed.Ok<NodeSpec>(NodeSpec spec) -> {
                contractVersion = spec.gateContractVersion();
                request.getInitialResourceVersionsMap().forEach(this::came);
                connection = Optional.of(ledger.connected(spec));
                return true;
            }
            case Parsed.Refused<NodeSpec> refused -> {
                fail(refused.message());
                return false;
            }
        }
    }

    private void came(String name, String version) {
        GateNames.Written written = names.read(name);
        Optional<String> ours =
                written.gate().flatMap(hub::find).map(gate -> gate.wire().getVersion());
        sent.put(written.text(), ours.filter(version::equals).orElse(version));
        written.gate()
                .ifPresent(gate ->
                        CompiledGates.revision(version)
                                .ifPresent(revision -> ahead.put(gate, revision)));
    }

    /**
     * Whether the node came with a later revision of a gate than is known here, such as after an
     * old copy of the log was put in place. It would refuse what we have, and a gate that we never
     * saw is not gone; so it hears nothing of the gate until we know as much.
     */
    private boolean isAhead(GateName gate) {
        GateRevision came = ahead.get(gate);
        if (came == null) {
            return false;
        }
        Optional<GateRevision> known = hub.known(gate);
        if (known.filter(ours -> !ours.isBelow(came)).isPresent()) {
            ahead.remove(gate);
            connection.ifPresent(node -> ledger.answered(node, Set.of(gate), ""));
            return false;
        }
        connection.ifPresent(node ->
                ledger.parked(
                        node,
                        gate,
                        "parked: the node has revision "
                                + came
                                + ", this control plane only "
                                + known.map(GateRevision::toString).orElse("none")
                                + "; is this an old copy of the log?"));
        return true;
    }

    /**
     * The node's word on a response; says whether the response was ours. A refused gate counts as
     * sent: it goes out again when it has another version.
     */
    private boolean answered(DeltaDiscoveryRequest request) {
        Optional<Set<GateName>> gates =
                Optional.ofNullable(unanswered.remove(request.getResponseNonce()));
        if (gates.isEmpty()) {
            fail(
                    "response_nonce "
                            + Problem.quote(request.getResponseNonce())
                            + " (expected one of this stream that is not answered)");
            return false;
        }
        String reason = request.getErrorDetail().getMessage();
        String refusal =
                request.hasErrorDetail() && reason.isEmpty() ? "refused without a reason" : reason;
        connection.ifPresent(known -> ledger.answered(known, gates.get(), refusal));
        return true;
    }

    /** Sends what the node lacks, if it can take more. */
    synchronized void push() {
        push(wanted.keySet());
    }

    /** Sends what the node lacks of these; when it can take no more, later. */
    synchronized void push(Collection<String> changed) {
        if (ended || connection.isEmpty() || !hub.isLoaded() || !out.isReady()) {
            return; // it is called again for all when the node can take more
        }
        Map<GateNames.Written, Resource> found = new HashMap<>();
        Set<String> removed = new HashSet<>();
        for (String name : changed) {
            GateNames.Written named = wanted.get(name);
            if (named == null || named.gate().filter(this::isAhead).isPresent()) {
                continue;
            }
            Optional<Resource> gate = named.gate().flatMap(this::visible).map(Compiled::wire);
            String version = gate.map(Resource::getVersion).orElse("");
            if (!version.equals(sent.get(name))) {
                gate.ifPresentOrElse(it -> found.put(named, it), () -> removed.add(named.text()));
            }
        }
        if (!found.isEmpty() || !removed.isEmpty()) {
            send(found, removed);
        }
    }

    /**
     * A gate as this node may see it: one of a later contract than it knows does not exist for it.
     */
    private Optional<Compiled> visible(GateName name) {
        return hub.find(name)
                .filter(gate -> gate.state().content().contractVersion() <= contractVersion);
    }

    private void send(Map<GateNames.Written, Resource> changed, Set<String> removed) {
        String nonce = Long.toString(nextNonce++);
        Set<GateName> gates = HashSet.newHashSet(changed.size());
        changed.forEach((name, resource) -> {
            sent.put(name.text(), resource.getVersion());
            name.gate().ifPresent(gates::add);
        });
        removed.forEach(name -> sent.put(name, ""));
        unanswered.put(nonce, gates);
        out.onNext(
                DeltaDiscoveryResponse.newBuilder()
                        .setTypeUrl(TYPE_URL)
                        .setNonce(nonce)
                        .addAllResources(changed.values())
                        .addAllRemovedResources(removed)
                        .build());
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
        if (end()) {
            out.onCompleted();
        }
    }

    /** Says whether the stream had not ended before. */
    private synchronized boolean end() {
        boolean isFirst = !ended;
        if (isFirst) {
            ended = true;
            hub.remove(this);
            connection.ifPresent(ledger::disconnected);
        }
        return isFirst;
    }
}
