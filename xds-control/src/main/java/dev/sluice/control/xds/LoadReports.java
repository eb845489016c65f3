package dev.sluice.control.xds;

import com.google.protobuf.Duration;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.change.NodeSpec;
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
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * {@code LoadReportingService}: what stock proxies count for each cluster (Envoy LRS), as evidence of the gates whose arm
 * the cluster is. It has neither keys nor latency. Counts of an interval in which the gate changed belong to no revision
 * and are left out. Thread-safe; the state of one stream is used as gRPC calls it, one message at a time.
 */
final class LoadReports extends LoadReportingServiceGrpc.LoadReportingServiceImplBase {
    private static final String OPERATION = "lrs";
    private static final int BOOT_BYTES = 16;

    private final EvidenceTotals totals;
    private final NodeLedger ledger;
    private final Supplier<Catalog> catalog;
    private final Clock clock;
    private final RandomGenerator random;

    LoadReports(
            EvidenceTotals totals,
            NodeLedger ledger,
            Supplier<Catalog> catalog,
            Clock clock,
            RandomGenerator random) {
        this.totals = totals;
        this.ledger = ledger;
        this.catalog = catalog;
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
    private record Slot(String gate, dev.sluice.contract.gate.GateRevision revision, Arm arm) {}

    private final class LoadStream implements StreamObserver<LoadStatsRequest> {
        private final StreamObserver<LoadStatsResponse> out;
        private final String boot;
        private final Map<Slot, GateCounts> sums = new HashMap<>();
        private Map<String, GateState> atStart = Map.of();
        private long sequence;

        LoadStream(StreamObserver<LoadStatsResponse> out, String boot) {
            this.out = out;
            this.boot = boot;
        }

        @Override
        public void onNext(LoadStatsRequest request) {
            if (sequence++ == 0) {
                atStart = gates();
                out.onNext(LoadStatsResponse.newBuilder()
                        .setSendAllClusters(true)
                        .setLoadReportingInterval(Duration.newBuilder().setSeconds(1))
                        .build());
                return;
            }
            switch (NodeReader.read(request.getNode())) {
                case Parsed.Ok<NodeSpec>(NodeSpec node) -> take(node.name(), request.getClusterStatsList());
                case Parsed.Refused<NodeSpec> refused ->
                    out.onError(Status.INVALID_ARGUMENT
                            .withDescription(refused.problems().toString())
                            .asRuntimeException());
            }
        }

        private void take(NodeName node, List<ClusterStats> clusters) {
            Map<String, GateState> now = gates();
            for (GateState gate : now.values()) {
                boolean unchanged = gate == atStart.get(gate.resourceName());
                for (ClusterStats cluster : unchanged ? clusters : List.<ClusterStats>of()) {
                    add(gate.content(), cluster);
                }
            }
            atStart = now;
            totals.accept(
                    new NodeReport(node, boot, sequence, new ArrayList<>(sums.values()), Map.of(), List.of(), false),
                    clock.instant());
            ledger.heard(node);
        }

        private void add(Gate gate, ClusterStats cluster) {
            for (Arm arm : Arm.values()) {
                if (gate.cluster(arm).equals(cluster.getClusterName())) {
                    Slot slot = new Slot(gate.name().name(), gate.revision().orElseThrow(), arm);
                    Outcomes before = sums.containsKey(slot) ? sums.get(slot).share() : Outcomes.NONE;
                    sums.put(slot, counts(gate, arm, before.plus(outcomes(cluster))));
                }
            }
        }

        private Map<String, GateState> gates() {
            Map<String, GateState> gates = new HashMap<>();
            catalog.get().gates().forEach(gate -> gates.put(gate.resourceName(), gate));
            return gates;
        }

        @Override
        public void onError(Throwable broken) {
            atStart = Map.of();
        }

        @Override
        public void onCompleted() {
            out.onCompleted();
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
