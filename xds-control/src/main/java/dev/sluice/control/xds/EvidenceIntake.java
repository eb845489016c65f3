package dev.sluice.control.xds;

import com.google.protobuf.Duration;
import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.evidence.EvidenceTotals;
import dev.sluice.control.evidence.NodeReport;
import dev.sluice.evidence.v1.AppliedGate;
import dev.sluice.evidence.v1.EvidenceReceipt;
import dev.sluice.evidence.v1.EvidenceReport;
import dev.sluice.evidence.v1.EvidenceServiceGrpc;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * {@code EvidenceService}: adds up what sidecars report, and notes what they have applied.
 * Thread-safe.
 */
final class EvidenceIntake extends EvidenceServiceGrpc.EvidenceServiceImplBase {
    private final EvidenceTotals totals;
    private final NodeLedger ledger;
    private final Clock clock;
    private final java.time.Duration interval;
    private volatile Consumer<EvidenceReport> copies = _ -> {};
    private final AtomicInteger restarts = new AtomicInteger();

    /**
     * @param interval how often sidecars are asked to report, 100 ms..60 s
     */
    EvidenceIntake(
            EvidenceTotals totals, NodeLedger ledger, Clock clock, java.time.Duration interval) {
        this.totals = totals;
        this.ledger = ledger;
        this.clock = clock;
        this.interval = interval;
    }

    /** Whoever else is to have every report. */
    void copyTo(Consumer<EvidenceReport> other) {
        copies = other;
    }

    /** Ends streams at their next report, so that sidecars begin again with all that they have. */
    void restart() {
        restarts.incrementAndGet();
    }

    @Override
    public StreamObserver<EvidenceReport> streamEvidence(StreamObserver<EvidenceReceipt> receipts) {
        return new StreamObserver<>() {
            private final int begun = restarts.get();
            private boolean ended;

            @Override
            public void onNext(EvidenceReport report) {
                if (ended) {
                    return;
                }
                if (begun != restarts.get()) {
                    ended = true;
                    receipts.onError(
                            Status.UNAVAILABLE
                                    .withDescription("another replica leads: report all again")
                                    .asRuntimeException());
                    return;
                }
                try {
                    receipts.onNext(receipt(takeProven(report)));
                } catch (IllegalArgumentException e) {
                    ended = true;
                    receipts.onError(
                            Status.INVALID_ARGUMENT
                                    .withDescription(
                                            "evidence of node \""
                                                    + report.getNodeId()
                                                    + "\": "
                                                    + e.getMessage())
                                    .asRuntimeException());
                }
            }

            @Override
            public void onError(Throwable broken) {
                ended = true;
            }

            @Override
            public void onCompleted() {
                if (!ended) {
                    ended = true;
                    receipts.onCompleted();
                }
            }
        };
    }

    /** As {@link #take}, from the peer of the present call, which must be that node. */
    private long takeProven(EvidenceReport message) {
        prove(NodeName.ofId(message.getNodeId()).orThrow());
        return take(message);
    }

    /** Takes a report whole or not at all; returns the highest sequence of its boot. */
    long take(EvidenceReport message) {
        NodeReport report = EvidenceReader.read(message);
        Map<GateName, NodeLedger.Applied> applied = applied(message);
        copies.accept(message);
        long sequence = totals.accept(report, clock.instant());
        if (sequence == report.sequence()) {
            ledger.applied(report.node(), applied);
        }
        report.trips().forEach(ledger::tripped);
        report.localKills().forEach(ledger::killed);
        if (report.goodbye()) {
            totals.forget(report.node());
            ledger.left(report.node());
        }
        return sequence;
    }

    /** Evidence names a node only; what must be proved of it, its xDS stream has said. */
    private void prove(NodeName node) {
        ProvenPeer peer = ProvenPeer.current();
        Optional<NodeSpec> said = ledger.view(node).map(NodeLedger.View::spec);
        if (said.isEmpty() && peer.rule() instanceof NodeProof.BySpiffeId) {
            throw new IllegalArgumentException(
                    "its service is not known (expected an xDS stream of it before)");
        }
        said.flatMap(peer::contradicts)
                .ifPresent(problem -> {
                    throw new IllegalArgumentException(problem.message());
                });
    }

    private static Map<GateName, NodeLedger.Applied> applied(EvidenceReport report) {
        Map<GateName, NodeLedger.Applied> applied = new HashMap<>();
        for (AppliedGate gate : report.getAppliedList()) {
            applied.put(
                    GateName.parse(gate.getGate()).orThrow(),
                    new NodeLedger.Applied(
                            EvidenceReader.revision(gate.getRevision()),
                            EvidenceReader.instant(gate.getTime())));
        }
        return applied;
    }

    private EvidenceReceipt receipt(long sequence) {
        return EvidenceReceipt.newBuilder()
                .setSequence(sequence)
                .setInterval(
                        Duration.newBuilder()
                                .setSeconds(interval.getSeconds())
                                .setNanos(interval.getNano()))
                .build();
    }
}
