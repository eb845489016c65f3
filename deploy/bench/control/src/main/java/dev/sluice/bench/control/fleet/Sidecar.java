package dev.sluice.bench.control.fleet;

import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import dev.sluice.evidence.v1.AppliedGate;
import dev.sluice.evidence.v1.EvidenceReceipt;
import dev.sluice.evidence.v1.EvidenceReport;
import dev.sluice.evidence.v1.EvidenceServiceGrpc;
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
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A sidecar as the control plane sees it: structure by ADS, gates by their own stream, reports by
 * the evidence stream, all on one connection, as the proxy speaks them. It obeys what comes and
 * reports at once which gates it decides by, and again when the interval has passed that the
 * control plane asks for; it has no traffic. Thread-safe: one lock.
 */
final class Sidecar {
    private static final int GATE_CONTRACT = 1;
    private static final long USUAL_MILLIS = 1_000;

    private final Node node;
    private final String bootId;
    private final Names names;
    private final ScheduledExecutorService timer;
    private final Map<String, Map<String, String>> held = new HashMap<>();
    private final Map<String, Set<String>> wanted = new HashMap<>();
    private final Map<String, Gate> gates = new HashMap<>();
    private final Map<String, AppliedGate> applied = new TreeMap<>();
    private @Nullable ManagedChannel connection; // null: cut
    private @Nullable DeltaCall structure;
    private @Nullable DeltaCall gateStream;
    private @Nullable StreamObserver<EvidenceReport> reports;
    private @Nullable ScheduledFuture<?> nextReport;
    private Optional<Round> round = Optional.empty();
    private int connections;
    private long sequence;
    private long gateSequence; // first report with all that is applied now
    private long receipted;
    private boolean outstanding;
    private boolean changedMeanwhile;

    /**
     * A sidecar that is not connected.
     *
     * @param number of it, which makes its id
     * @param service beside which it stands
     */
    Sidecar(int number, String service, Names names, ScheduledExecutorService timer) {
        this.names = names;
        this.timer = timer;
        this.bootId = "%032x".formatted(number + 1);
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
    }

    private static Struct capabilities() {
        return Struct.newBuilder()
                .putFields(
                        "gate_contract_version",
                        Value.newBuilder().setNumberValue(GATE_CONTRACT).build())
                .build();
    }

    /** This is waited for from now on. */
    synchronized void join(Round next) {
        round = Optional.of(next);
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
        wanted.forEach(this::want);
        outstanding = false;
        changedMeanwhile = false;
        reports = EvidenceServiceGrpc.newStub(channel).streamEvidence(new Receipts(mine));
        report();
    }

    /** Cuts the connection; what it holds stays. */
    synchronized void cut() {
        connections++;
        if (nextReport != null) {
            nextReport.cancel(false);
        }
        if (connection != null) {
            var unused = connection.shutdownNow();
            connection = null;
        }
        reports = null;
    }

    /** Whether it has all that what it holds names, and the control plane knows its gates. */
    synchronized boolean isWhole() {
        return !gates.isEmpty()
                && receipted >= gateSequence
                && wanted.entrySet().stream()
                        .allMatch(
                                type -> held(type.getKey()).keySet().containsAll(type.getValue()));
    }

    /** How many gates it decides by. */
    synchronized int gates() {
        return gates.size();
    }

    /** The gate that it decides by and that the control plane knows it to decide by. */
    synchronized Optional<Gate> reported(String gate) {
        return receipted >= gateSequence ? Optional.ofNullable(gates.get(gate)) : Optional.empty();
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
                obey(names.gate(resource));
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
            changed();
        }
        look();
    }

    private void obey(Gate gate) {
        Instant now = Instant.now();
        gates.put(gate.getName(), gate);
        applied.put(
                gate.getName(),
                AppliedGate.newBuilder()
                        .setGate(gate.getName())
                        .setRevision(gate.getRevision())
                        .setTime(
                                Timestamp.newBuilder()
                                        .setSeconds(now.getEpochSecond())
                                        .setNanos(now.getNano()))
                        .build());
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
        wanted.computeIfAbsent(type, _ -> new HashSet<>()).addAll(more);
        DeltaCall call = type.equals(Names.GATE) ? gateStream() : structure;
        if (call != null) {
            call.want(type, more, held(type));
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

    private void changed() {
        gateSequence = sequence + 1;
        if (outstanding) {
            changedMeanwhile = true;
        } else {
            report();
        }
    }

    private void report() {
        if (reports == null || outstanding) {
            return;
        }
        if (nextReport != null) {
            nextReport.cancel(false);
        }
        outstanding = true;
        Instant now = Instant.now();
        reports.onNext(
                EvidenceReport.newBuilder()
                        .setNodeId(node.getId())
                        .setBootId(bootId)
                        .setSequence(++sequence)
                        .setTime(
                                Timestamp.newBuilder()
                                        .setSeconds(now.getEpochSecond())
                                        .setNanos(now.getNano()))
                        .addAllApplied(applied.values())
                        .build());
    }

    private synchronized void receipted(int of, EvidenceReceipt receipt) {
        if (of != connections) {
            return;
        }
        outstanding = false;
        receipted = receipt.getSequence();
        if (changedMeanwhile) {
            changedMeanwhile = false;
            report();
        } else {
            nextReport = timer.schedule(() -> due(of), millis(receipt), TimeUnit.MILLISECONDS);
        }
        look();
    }

    private synchronized void due(int of) {
        if (of == connections) {
            report();
        }
    }

    private static long millis(EvidenceReceipt receipt) {
        return receipt.hasInterval()
                ? receipt.getInterval().getSeconds() * 1_000
                        + receipt.getInterval().getNanos() / 1_000_000
                : USUAL_MILLIS;
    }

    private void look() {
        if (round.filter(waiting -> waiting.isMet(this)).isPresent()) {
            round.get().reached();
            round = Optional.empty();
        }
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
