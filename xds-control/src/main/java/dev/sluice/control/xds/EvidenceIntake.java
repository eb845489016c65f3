package dev.sluice.control.xds;

import com.google.protobuf.util.Durations;
import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.control.change.ObeyedKill;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.evidence.AppliedGates;
import dev.sluice.control.evidence.AppliedGates.Applied;
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
import java.util.function.Supplier;

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
    private volatile Consumer<Supplier<EvidenceReport>> copies = _ -> {};
    private final AtomicInteger restarts = new AtomicInteger();

    EvidenceIntake(EvidenceTotals totals, NodeLedger ledger, GateNames names, Clock clock) {
        this.totals = totals;
        this.ledger = ledger;
        this.names = names;
        this.clock = clock;
        ledger.tellDepartures(totals::forget);
    }

    /**
     * A report that was taken.
     *
     * @param highest sequence that was taken of its run
     * @param sequence its own; 0 when a later one had been taken before, and it says nothing
     * @param applied gates by which its sidecar decides
     */
    record Taken(long highest, long sequence, AppliedGates applied) {
        static final Taken NONE = new Taken(0, 0, AppliedGates.NONE);
    }

    /** Whoever else is to have every report, each with all gates. */
    void copyTo(Consumer<Supplier<EvidenceReport>> other) {
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
            private Taken last = Taken.NONE;
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
                    last = takeProven(report, last);
                    receipts.onNext(receipt(last.highest()));
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
    private Taken takeProven(EvidenceReport message, Taken last) {
        prove(NodeName.ofId(message.getNodeId()).orThrow());
        return take(message, last);
    }

    /**
     * Takes a report whole or not at all.
     *
     * @param last the report before it on its stream
     */
    Taken take(EvidenceReport message, Taken last) {
        NodeName node = NodeName.ofId(message.getNodeId()).orThrow();
        AppliedGates applied = applied(message, node, last);
        NodeReport report = EvidenceReader.read(message, applied);
        copies.accept(() -> EvidenceReader.whole(message, applied));
        long highest = totals.accept(report, clock.instant());
        boolean isNews = highest == report.sequence();
        if (isNews) {
            tellKills(report.node(), applied); // before anybody can go on since all have reported
            ledger.applied(report.node(), totals.applied(report.node()));
        }
        report.trips().forEach(ledger.events()::tripped);
        report.localKills().forEach(ledger.events()::killed);
        if (report.goodbye()) {
            ledger.goodbye(report.node(), report.bootId());
        } else {
            ledger.reported(report.node(), report.bootId());
        }
        return isNews
                ? new Taken(highest, highest, applied)
                : new Taken(highest, 0, AppliedGates.NONE);
    }

    private void tellKills(NodeName name, AppliedGates applied) {
        if (applied.killed().isEmpty()) {
            return;
        }
        ledger.presence(name)
                .map(NodePresence::node)
                .ifPresent(node ->
                        applied.killed()
                                .forEach((gate, known) ->
                                        ledger.events().obeyed(obeyed(node, gate, known))));
    }

    private static ObeyedKill obeyed(NodeSpec node, GateName gate, Applied known) {
        String order =
                known.kill().map(kill -> kill.reason() + ", by " + kill.actor()).orElse("no kill");
        return new ObeyedKill(node, gate, known.revision(), order);
    }

    private AppliedGates applied(EvidenceReport message, NodeName node, Taken last) {
        if (!EvidenceReader.isChanges(message)) {
            return EvidenceReader.applied(message, ledger.applied(node), names);
        }
        if (message.getAppliedSince() != last.sequence()) {
            throw new IllegalArgumentException(
                    "applied_since "
                            + message.getAppliedSince()
                            + " (expected "
                            + (last.sequence() == 0
                                    ? "0: no report of this stream was taken"
                                    : "0 or " + last.sequence() + ", the last of this stream")
                            + ")");
        }
        return EvidenceReader.applied(message, last.applied(), names);
    }

    /** Evidence names a node only; what must be proved of it, its xDS stream has said. */
    private void prove(NodeName node) {
        ProvenPeer peer = ProvenPeer.current();
        if (peer.rule() instanceof NodeProof.Believed) {
            return;
        }
        Optional<NodeSpec> said = ledger.presence(node).map(NodePresence::node);
        if (said.isEmpty()) {
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
                .setTakesChanges(true)
                .build();
    }

    /** How long sidecars wait between reports of which nobody waits: longer when they are many. */
    static long intervalMillis(int nodes) {
        long shared = nodes * 1_000L / MOST_A_SECOND;
        return Math.clamp(shared, SHORTEST_MILLIS, LONGEST_MILLIS);
    }
}
