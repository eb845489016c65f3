package dev.sluice.control.xds;

import com.google.protobuf.util.Durations;
import dev.sluice.contract.NodeName;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.evidence.AppliedGates;
import dev.sluice.control.evidence.EvidenceTotals;
import dev.sluice.control.evidence.GateNames;
import dev.sluice.control.evidence.NodeReport;
import dev.sluice.evidence.v1.EvidenceReceipt;
import dev.sluice.evidence.v1.EvidenceReport;
import dev.sluice.evidence.v1.EvidenceServiceGrpc;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * {@code EvidenceService}: adds up what sidecars report, and notes what they have applied.
 * Thread-safe.
 */
final class EvidenceIntake extends EvidenceServiceGrpc.EvidenceServiceImplBase {
    /** Reports that all sidecars together are asked for in a second. */
    private static final int MOST_A_SECOND = 4_000;

    private static final long SHORTEST_MILLIS = 500;

    /** A half of the time after which a sidecar counts as silent. */
    private static final long LONGEST_MILLIS = 5_000;

    private final EvidenceTotals totals;
    private final NodeLedger ledger;
    private final GateNames names;
    private final Clock clock;
    private volatile Consumer<EvidenceReport> copies = _ -> {};
    private final AtomicInteger restarts = new AtomicInteger();

    EvidenceIntake(EvidenceTotals totals, NodeLedger ledger, GateNames names, Clock clock) {
        this.totals = totals;
        this.ledger = ledger;
        this.names = names;
        this.clock = clock;
        ledger.tellDepartures(totals::forget);
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
        NodeName node = NodeName.ofId(message.getNodeId()).orThrow();
        AppliedGates applied = EvidenceReader.applied(message, ledger.applied(node), names);
        NodeReport report = EvidenceReader.read(message, applied);
        copies.accept(message);
        long sequence = totals.accept(report, clock.instant());
        if (sequence == report.sequence()) {
            ledger.applied(report.node(), applied);
        }
        report.trips().forEach(ledger.events()::tripped);
        report.localKills().forEach(ledger.events()::killed);
        if (report.goodbye()) {
            ledger.goodbye(report.node(), report.bootId());
        } else {
            ledger.reported(report.node(), report.bootId());
        }
        return sequence;
    }

    /** Evidence names a node only; what must be proved of it, its xDS stream has said. */
    private void prove(NodeName node) {
        ProvenPeer peer = ProvenPeer.current();
        Optional<NodeSpec> said = ledger.presence(node).map(NodePresence::node);
        if (said.isEmpty() && peer.rule() instanceof NodeProof.BySpiffeId) {
            throw new IllegalArgumentException(
                    "its service is not known (expected an xDS stream of it before)");
        }
        said.flatMap(peer::contradicts)
                .ifPresent(problem -> {
                    throw new IllegalArgumentException(problem.message());
                });
    }

    private EvidenceReceipt receipt(long sequence) {
        return EvidenceReceipt.newBuilder()
                .setSequence(sequence)
                .setInterval(Durations.fromMillis(intervalMillis(ledger.size())))
                .build();
    }

    /** How long sidecars wait between reports of which nobody waits: longer when they are many. */
    static long intervalMillis(int nodes) {
        long shared = nodes * 1_000L / MOST_A_SECOND;
        return Math.clamp(shared, SHORTEST_MILLIS, LONGEST_MILLIS);
    }
}
