package dev.sluice.proxy.xds;

import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateWriter;
import dev.sluice.evidence.v1.AppliedGate;
import dev.sluice.evidence.v1.EvidenceReceipt;
import dev.sluice.evidence.v1.EvidenceReport;
import dev.sluice.evidence.v1.EvidenceServiceGrpc;
import dev.sluice.proxy.cluster.ConfigurationThread;
import dev.sluice.proxy.gate.GateTable;
import dev.sluice.proxy.gate.TripWatch;
import io.grpc.Channel;
import io.grpc.Status;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reports to the control plane: what was seen, which revisions are obeyed and what was taken back
 * here. The next report goes out when the one before was receipted and the interval that the
 * receipt names has passed, and at once when a gate or latch changed. Owned by the configuration
 * thread.
 */
final class EvidenceClient {
    private static final System.Logger LOG = System.getLogger(EvidenceClient.class.getName());
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration USUAL = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Reporter reporter;
    private final GateTable table;
    private final TripWatch trips;
    private final ConfigurationThread thread;
    private final Clock clock;
    private @Nullable Channel channel;
    private @Nullable StreamCall<EvidenceReport, EvidenceReceipt> call;
    private AppliedChanges applied = new AppliedChanges();
    private ConfigurationThread.Cancellable timer = () -> {};
    private Runnable onClosed = () -> {};
    private long sequence;
    private boolean outstanding;
    private boolean changedMeanwhile;
    private boolean closed;

    /**
     * Who reports.
     *
     * @param nodeId of the bootstrap
     * @param bootId of this run of the process
     * @param source what was seen
     */
    record Reporter(String nodeId, String bootId, EvidenceSource source) {}

    EvidenceClient(
            Reporter reporter,
            GateTable table,
            TripWatch trips,
            ConfigurationThread thread,
            Clock clock) {
        this.reporter = reporter;
        this.table = table;
        this.trips = trips;
        this.thread = thread;
        this.clock = clock;
    }

    /**
     * A connection is there. A server that takes no evidence is asked no more until the next one.
     */
    void connected(Channel live) {
        disconnected();
        channel = live;
        open();
    }

    /** The connection is no more. */
    void disconnected() {
        timer.cancel();
        channel = null;
        if (call != null) {
            call.cancel();
            call = null;
        }
    }

    private void open() {
        if (channel == null || closed) {
            return;
        }
        StreamCall<EvidenceReport, EvidenceReceipt> next =
                new StreamCall<>(thread, this::receipted, this::broken);
        call = next;
        applied = new AppliedChanges();
        outstanding = false;
        changedMeanwhile = false;
        var unused = EvidenceServiceGrpc.newStub(channel).streamEvidence(next);
        report();
    }

    private void broken(Status status) {
        call = null;
        timer.cancel();
        if (closed) {
            onClosed.run();
        } else if (status.getCode() == Status.Code.UNIMPLEMENTED) {
            LOG.log(Level.INFO, "the management server takes no evidence");
        } else {
            LOG.log(Level.WARNING, "evidence: " + status.getCode() + " " + status.getDescription());
            timer = thread.after(RETRY, this::open);
        }
    }

    /** A gate or latch is another from now on: those who wait for it shall know soon. */
    void changed() {
        if (outstanding) {
            changedMeanwhile = true;
        } else {
            report();
        }
    }

    private void receipted(EvidenceReceipt receipt) {
        applied.receipted(receipt);
        outstanding = false;
        timer.cancel();
        if (closed) {
            return;
        }
        if (changedMeanwhile) {
            changedMeanwhile = false;
            report();
        } else {
            timer = thread.after(interval(receipt), this::report);
        }
    }

    private static Duration interval(EvidenceReceipt receipt) {
        if (!receipt.hasInterval()) {
            return USUAL;
        }
        Duration asked =
                Duration.ofSeconds(
                        receipt.getInterval().getSeconds(), receipt.getInterval().getNanos());
        if (asked.compareTo(SHORTEST) < 0) {
            return SHORTEST;
        }
        return asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
    }

    private void report() {
        if (call != null && !outstanding && !closed) {
            timer.cancel();
            outstanding = true;
            call.send(message(/* goodbye= */ false));
        }
    }

    private EvidenceReport message(boolean goodbye) {
        EvidenceReport.Builder report =
                reporter.source()
                        .counts()
                        .setNodeId(reporter.nodeId())
                        .setBootId(reporter.bootId())
                        .setSequence(++sequence)
                        .setTime(TripWire.timestamp(clock.instant()))
                        .setGoodbye(goodbye);
        Map<String, AppliedGate> gates = new LinkedHashMap<>();
        for (GateTable.Entry entry : table.all()) {
            String name = entry.held().gate().name().name();
            entry.applied().ifPresent(known -> gates.put(name, applied(entry, known)));
            GateBook.kill(entry).ifPresent(report::addLocalKills);
        }
        applied.say(gates, report);
        trips.inForce().forEach(trip -> report.addTrips(TripWire.message(trip)));
        return report.build();
    }

    private AppliedGate applied(GateTable.Entry entry, GateTable.Applied known) {
        Gate gate = entry.held().gate();
        AppliedGate.Builder applied =
                AppliedGate.newBuilder()
                        .setGate(gate.name().name())
                        .setRevision(TripWire.message(known.revision()))
                        .setTime(TripWire.timestamp(known.since()))
                        .setWritesUnderWay(table.underWay(entry));
        gate.kill()
                .filter(_ -> gate.revision().filter(known.revision()::equals).isPresent())
                .map(GateWriter::kill)
                .ifPresent(applied::setKill);
        return applied.build();
    }

    /**
     * Says goodbye: this node no longer counts.
     *
     * @param done run when the server has taken it, or can't
     */
    void close(Runnable done) {
        closed = true;
        onClosed = done;
        timer.cancel();
        if (call == null) {
            done.run();
        } else {
            applied = new AppliedChanges(); // one report may not be receipted
            call.send(message(/* goodbye= */ true));
            call.complete();
        }
    }
}
