package dev.sluice.control.xds;

import com.google.protobuf.Duration;
import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.evidence.AppliedGates;
import dev.sluice.control.evidence.EvidenceTotals;
import dev.sluice.control.evidence.KeyCells;
import dev.sluice.control.evidence.LatencyHistogram;
import dev.sluice.control.evidence.NodeReport;
import dev.sluice.control.evidence.NodeReport.GateCounts;
import dev.sluice.control.evidence.Outcomes;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterStats;
import io.envoyproxy.envoy.config.endpoint.v3.UpstreamLocalityStats;
import io.envoyproxy.envoy.service.load_stats.v3.LoadReportingServiceGrpc;
import io.envoyproxy.envoy.service.load_stats.v3.LoadStatsRequest;
import io.envoyproxy.envoy.service.load_stats.v3.LoadStatsResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * {@code LoadReportingService}: what stock proxies count for each cluster (Envoy LRS), as evidence
 * of the gates whose arm the cluster is. It has neither keys nor latency. Counts of an interval in
 * which the gate changed, or at whose start the proxy had not accepted the gate's present revision,
 * belong to no revision and are left out. Thread-safe; the state of one stream is used as gRPC
 * calls it, one message at a time.
 */
final class LoadReports extends LoadReportingServiceGrpc.LoadReportingServiceImplBase {
    private static final String OPERATION = "lrs";
    private static final int BOOT_BYTES = 16;

    private final EvidenceTotals totals;
    private final NodeLedger ledger;
    private final Supplier<Catalog> catalog;
    private final Acceptance accepted;
    private final Clock clock;
    private final RandomGenerator random;

    /** Whether a node has accepted all structure as of a place of the log. */
    interface Acceptance {
        boolean test(NodeName node, long seq);
    }

    LoadReports(
            EvidenceTotals totals,
            NodeLedger ledger,
            Supplier<Catalog> catalog,
            Acceptance accepted,
            Clock clock,
            RandomGenerator random) {
        this.totals = totals;
        this.ledger = ledger;
        this.catalog = catalog;
        this.accepted = accepted;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public StreamObserver<LoadStatsRequest> streamLoadStats(StreamObserver<LoadStatsResponse> out) {
        byte[] boot = new byte[BOOT_BYTES];
        random.nextBytes(boot);
        return new LoadStream(out, HexFormat.of().formatHex(boot));
    }

    /** What identifies a running sum. */
    private record Slot(GateName gate, GateRevision revision, Arm arm) {}

    private final class LoadStream implements StreamObserver<LoadStatsRequest> {
        private final StreamObserver<LoadStatsResponse> out;
        private final String boot;
        private final Map<Slot, GateCounts> sums = new HashMap<>();
        private Optional<NodeName> node = Optional.empty();
        private Map<GateName, GateState> atStart = Map.of();
        private long sequence;
        private boolean ended;

        LoadStream(StreamObserver<LoadStatsResponse> out, String boot) {
            this.out = out;
            this.boot = boot;
        }

        @Override
        public void onNext(LoadStatsRequest request) {
            if (!ended) {
                node.ifPresentOrElse(
                        known -> take(known, request.getClusterStatsList()), () -> begin(request));
            }
        }

        /** A proxy says who it is in its first request, which counts nothing yet. */
        private void begin(LoadStatsRequest request) {
            switch (NodeReader.read(request.getNode())) {
                case Parsed.Ok<NodeSpec>(NodeSpec spec) -> {
                    node = Optional.of(spec.name());
                    atStart = gates(spec.name());
                    out.onNext(
                            LoadStatsResponse.newBuilder()
                                    .setSendAllClusters(true)
                                    .setLoadReportingInterval(Duration.newBuilder().setSeconds(1))
                                    .build());
                }
                case Parsed.Refused<NodeSpec> refused -> {
                    ended = true;
                    out.onError(
                            Status.INVALID_ARGUMENT
                                    .withDescription(refused.message())
                                    .asRuntimeException());
                }
            }
        }

        @SuppressWarnings("ReferenceEquality") // an unchanged gate is the same object later
        private void take(NodeName name, List<ClusterStats> clusters) {
            Map<GateName, GateState> now = gates(name);
            for (GateState gate : now.values()) {
                if (gate == atStart.get(gate.name())) {
                    clusters.forEach(cluster -> add(gate.content(), cluster));
                }
            }
            sums.keySet().removeIf(slot -> !isPresent(slot, now));
            atStart = now;
            totals.accept(
                    new NodeReport(
                            name,
                            boot,
                            ++sequence,
                            new ArrayList<>(sums.values()),
                            List.of(),
                            AppliedGates.NONE,
                            List.of(),
                            List.of(),
                            false),
                    clock.instant());
            ledger.heard(name);
        }

        private static boolean isPresent(Slot slot, Map<GateName, GateState> now) {
            GateState gate = now.get(slot.gate());
            return gate != null && gate.revision().equals(slot.revision());
        }

        private void add(Gate gate, ClusterStats cluster) {
            for (Arm arm : Arm.values()) {
                if (gate.cluster(arm).equals(cluster.getClusterName())) {
                    Slot slot = new Slot(gate.name(), gate.revision().orElseThrow(), arm);
                    Outcomes before =
                            sums.containsKey(slot) ? sums.get(slot).share() : Outcomes.NONE;
                    sums.put(slot, counts(gate, arm, before.plus(outcomes(cluster))));
                }
            }
        }

        /** The gates whose present revision the node has accepted. */
        private Map<GateName, GateState> gates(NodeName name) {
            Map<GateName, GateState> gates = new HashMap<>();
            for (GateState gate : catalog.get().gates()) {
                if (accepted.test(name, gate.presentEntry().seq())) {
                    gates.put(gate.name(), gate);
                }
            }
            return gates;
        }

        @Override
        public void onError(Throwable broken) {
            ended = true;
        }

        @Override
        public void onCompleted() {
            if (!ended) {
                ended = true;
                out.onCompleted();
            }
        }
    }

    private static Outcomes outcomes(ClusterStats cluster) {
        long successes = 0;
        long errors = 0;
        for (UpstreamLocalityStats stats : cluster.getUpstreamLocalityStatsList()) {
            successes += stats.getTotalSuccessfulRequests();
            errors += stats.getTotalErrorRequests();
        }
        return new Outcomes(successes + errors, successes, 0, errors, 0, 0, 0, 0);
    }

    private static GateCounts counts(Gate gate, Arm arm, Outcomes outcomes) {
        return new GateCounts(
                gate.name(),
                gate.revision().orElseThrow(),
                arm,
                OPERATION,
                outcomes,
                Outcomes.NONE,
                0,
                LatencyHistogram.EMPTY,
                KeyCells.NONE,
                Set.of(),
                Set.of(),
                0);
    }
}
