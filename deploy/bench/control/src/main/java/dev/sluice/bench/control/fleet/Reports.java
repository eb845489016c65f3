package dev.sluice.bench.control.fleet;

import com.google.protobuf.Timestamp;
import dev.sluice.evidence.v1.AppliedGate;
import dev.sluice.evidence.v1.EvidenceReceipt;
import dev.sluice.evidence.v1.EvidenceReport;
import dev.sluice.gate.v1.Gate;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a sidecar reports: the gates by which it decides, at once when one is another, and again
 * when the interval has passed that the last receipt names. One report at a time is not receipted;
 * those after the first of a connection say what is another since the one before. Owned by its
 * sidecar.
 */
final class Reports {
    private static final long USUAL_MILLIS = 1_000;

    private final EvidenceReport.Builder usual;
    private final ScheduledExecutorService timer;
    private final Map<String, AppliedGate> applied = new TreeMap<>();
    private final Map<String, AppliedGate> changed = new TreeMap<>(); // since `taken`
    private long taken; // last report of this connection that was taken; 0: all is to be said
    private Wire.@Nullable Call out; // null: not connected
    private @Nullable ScheduledFuture<?> next;
    private long sequence;
    private boolean outstanding;
    private boolean changedMeanwhile;

    Reports(String nodeId, String bootId, ScheduledExecutorService timer) {
        this.usual = EvidenceReport.newBuilder().setNodeId(nodeId).setBootId(bootId);
        this.timer = timer;
    }

    /** Reports by this call of a connection. */
    void connect(Wire.Call call) {
        outstanding = false;
        changedMeanwhile = false;
        taken = 0;
        out = call;
        send();
    }

    /** The connection is no more. */
    void disconnect() {
        cancelNext();
        out = null;
    }

    /** The sidecar decides by this from now on. */
    void apply(Gate gate) {
        AppliedGate now =
                AppliedGate.newBuilder()
                        .setGate(gate.getName())
                        .setRevision(gate.getRevision())
                        .setTime(now())
                        .build();
        applied.put(gate.getName(), now);
        changed.put(gate.getName(), now);
    }

    /** Sequence of the first report that will have all that is applied now. */
    long reportChange() {
        if (outstanding) {
            changedMeanwhile = true;
            return sequence + 1;
        }
        send();
        return out == null ? sequence + 1 : sequence;
    }

    /**
     * The server has taken a report.
     *
     * @param due run when the next one is
     */
    void receipted(EvidenceReceipt receipt, Runnable due) {
        outstanding = false;
        taken = receipt.getTakesChanges() ? receipt.getSequence() : 0;
        if (changedMeanwhile) {
            changedMeanwhile = false;
            send();
        } else {
            next = timer.schedule(due, millis(receipt), TimeUnit.MILLISECONDS);
        }
    }

    void send() {
        if (out == null || outstanding) {
            return;
        }
        cancelNext();
        outstanding = true;
        out.send(
                usual.clone()
                        .setSequence(++sequence)
                        .setTime(now())
                        .setAppliedSince(taken)
                        .addAllApplied((taken == 0 ? applied : changed).values())
                        .build());
        changed.clear(); // one report at a time: it is taken, or the connection is over
    }

    private void cancelNext() {
        if (next != null) {
            next.cancel(false);
        }
    }

    private static Timestamp now() {
        Instant now = Instant.now();
        return Timestamp.newBuilder()
                .setSeconds(now.getEpochSecond())
                .setNanos(now.getNano())
                .build();
    }

    private static long millis(EvidenceReceipt receipt) {
        return receipt.hasInterval()
                ? receipt.getInterval().getSeconds() * 1_000
                        + receipt.getInterval().getNanos() / 1_000_000
                : USUAL_MILLIS;
    }
}
