package dev.sluice.bench.control.fleet;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.sluice.evidence.v1.EvidenceReceipt;
import dev.sluice.gate.v1.Gate;
import dev.sluice.gate.v1.GateDiscoveryServiceGrpc;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * A sidecar as the control plane sees it: structure by ADS, gates by their own stream, reports by
 * the evidence stream, all on one connection, as the proxy speaks them. It obeys what comes; it has
 * no traffic. Thread-safe: one lock.
 */
final class Sidecar {
    private static final int GATE_CONTRACT = 1;

    private final Node node;
    private final Names names;
    private final Reports reports;
    private final Map<String, Map<String, String>> held = new HashMap<>();
    private final Map<String, Set<String>> wanted = new HashMap<>();
    private final Map<String, Gate> gates = new HashMap<>();
    private @Nullable ManagedChannel connection; // null: cut
    private @Nullable DeltaCall structure;
    private @Nullable DeltaCall gateStream;
    private Optional<Waiting> waiting = Optional.empty();
    private int connections;
    private long changed; // first report with all gates as they are
    private long receipted; // last report that was taken

    /**
     * A round, and what it waits for.
     *
     * @param report whose receipt ends it here; 0 while the goal is not met
     */
    private record Waiting(Round round, long report) {}

    /**
     * A sidecar that is not connected.
     *
     * @param number of it, which makes its id
     * @param service beside which it stands
     */
    Sidecar(int number, String service, Names names, ScheduledExecutorService timer) {
        this.names = names;
        this.node =
                Node.newBuilder()
                        .setId("bench-" + number)
                        .setCluster(service)
                        .setUserAgentName("sluice")
                        .setUserAgentVersion("bench")
                        .setMetadata(
                                Struct.newBuilder()
                                        .putFields(
                                                "sluice",
                                                Value.newBuilder()
                                                        .setStructValue(capabilities())
                                                        .build()))
                        .build();
        this.reports = new Reports(node.getId(), "%032x".formatted(number + 1), timer);
    }

    private static Struct capabilities() {
        return Struct.newBuilder()
                .putFields(
                        "gate_contract_version",
                        Value.newBuilder().setNumberValue(GATE_CONTRACT).build())
                .build();
    }

    /** This is waited for from now on. */
    synchronized void join(Round round) {
        waiting = Optional.of(new Waiting(round, 0));
        look();
    }

    /** Connects, with all that it holds from before. */
    synchronized void connect(int port) {
        int mine = ++connections;
        ManagedChannel channel =
                Grpc.newChannelBuilder("127.0.0.1:" + port, InsecureChannelCredentials.create())
                        .directExecutor()
                        .build();
        connection = channel;
        structure =
                new DeltaCall(
                        node,
                        answers ->
                                AggregatedDiscoveryServiceGrpc.newStub(channel)
                                        .deltaAggregatedResources(answers),
                        response -> took(mine, response),
                        failure -> broken(mine, failure));
        gateStream = null;
        structure.want(Names.CLUSTER, Set.of(), held(Names.CLUSTER));
        structure.want(Names.LISTENER, Set.of(), held(Names.LISTENER));
        Map.copyOf(wanted).forEach(this::want);
        reports.connect(channel, new Receipts(mine));
    }

    /** Cuts the connection; what it holds stays. */
    synchronized void cut() {
        connections++;
        reports.disconnect();
        if (connection != null) {
            var unused = connection.shutdownNow();
            connection = null;
        }
    }

    /** Whether it has all that what it holds names. */
    synchronized boolean isWhole() {
        return !gates.isEmpty()
                && wanted.entrySet().stream()
                        .allMatch(
                                type -> held(type.getKey()).keySet().containsAll(type.getValue()));
    }

    /** How many gates it decides by. */
    synchronized int gates() {
        return gates.size();
    }

    /** The gate that it decides by. */
    synchronized Optional<Gate> gate(String name) {
        return Optional.ofNullable(gates.get(name));
    }

    /** Version of a resource that it holds. */
    synchronized Optional<String> version(String typeUrl, String name) {
        return Optional.ofNullable(held(typeUrl).get(name));
    }

    private synchronized void took(int of, DeltaDiscoveryResponse response) {
        if (of != connections) {
            return;
        }
        String type = response.getTypeUrl();
        Map<String, String> has = held(type);
        Set<String> named = new HashSet<>();
        for (Resource resource : response.getResourcesList()) {
            has.put(resource.getName(), resource.getVersion());
            if (type.equals(Names.GATE)) {
                Gate gate = names.gate(resource);
                gates.put(gate.getName(), gate);
                reports.apply(gate);
            } else {
                named.addAll(names.in(resource));
            }
        }
        has.keySet().removeAll(response.getRemovedResourcesList());
        DeltaCall call = type.equals(Names.GATE) ? gateStream : structure;
        if (call != null) {
            call.accept(response);
        }
        if (!named.isEmpty()) {
            next(type).ifPresent(next -> want(next, named));
        }
        if (type.equals(Names.GATE)) {
            changed = reports.reportChange();
        }
        look();
    }

    private static Optional<String> next(String type) {
        return switch (type) {
            case Names.CLUSTER -> Optional.of(Names.ENDPOINT);
            case Names.LISTENER -> Optional.of(Names.ROUTE);
            case Names.ROUTE -> Optional.of(Names.GATE);
            default -> Optional.empty();
        };
    }

    private void want(String type, Set<String> more) {
        Set<String> all = wanted.computeIfAbsent(type, _ -> new HashSet<>());
        all.addAll(more);
        DeltaCall call = type.equals(Names.GATE) ? gateStream() : structure;
        if (call != null) {
            call.want(type, all, held(type));
        }
    }

    private @Nullable DeltaCall gateStream() {
        ManagedChannel channel = connection;
        int mine = connections;
        if (gateStream == null && channel != null) {
            gateStream =
                    new DeltaCall(
                            node,
                            answers ->
                                    GateDiscoveryServiceGrpc.newStub(channel).deltaGates(answers),
                            response -> took(mine, response),
                            failure -> broken(mine, failure));
        }
        return gateStream;
    }

    private Map<String, String> held(String type) {
        return held.computeIfAbsent(type, _ -> new HashMap<>());
    }

    private synchronized void receipted(int of, EvidenceReceipt receipt) {
        if (of == connections) {
            receipted = receipt.getSequence();
            reports.receipted(receipt, () -> due(of));
            look();
        }
    }

    private synchronized void due(int of) {
        if (of == connections) {
            reports.send();
        }
    }

    /** A goal is reached when the control plane has the report of the gates that met it. */
    private void look() {
        waiting = waiting.flatMap(this::looked);
    }

    private Optional<Waiting> looked(Waiting before) {
        Waiting now =
                before.report() == 0 && before.round().isMet(this)
                        ? new Waiting(before.round(), changed)
                        : before;
        if (now.report() == 0 || receipted < now.report()) {
            return Optional.of(now);
        }
        now.round().reached();
        return Optional.empty();
    }

    private synchronized void broken(int of, Throwable failure) {
        if (of == connections) {
            throw new IllegalStateException(node.getId() + " was cut off", failure);
        }
    }

    /** What the control plane has taken. */
    private final class Receipts implements StreamObserver<EvidenceReceipt> {
        private final int of;

        Receipts(int of) {
            this.of = of;
        }

        @Override
        public void onNext(EvidenceReceipt receipt) {
            receipted(of, receipt);
        }

        @Override
        public void onError(Throwable failure) {
            broken(of, failure);
        }

        @Override
        public void onCompleted() {}
    }
}
