package dev.sluice.proxy.telemetry;

import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.ExchangeRecord.GateOutcome;
import dev.sluice.proxy.observe.ExchangeRecord.Result;
import dev.sluice.proxy.observe.FaultMark;
import dev.sluice.proxy.telemetry.GateEvidence.Bucket;
import dev.sluice.proxy.telemetry.GateEvidence.Latency;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts what one arm of one gate revision does for one operation. Thread-safe: one short lock,
 * which loops rarely meet at.
 */
final class EvidenceEntry {
    /** Distinct keys remembered. */
    static final int MOST_KEYS = 65_536;

    /** Keys at their first error, or first slow answer, remembered (evidence.proto). */
    static final int MOST_EVENTS = 4_096;

    private static final int CELLS = 256;
    private static final int CELL_SHIFT = 56;
    private static final long REST = (1L << CELL_SHIFT) - 1;

    private final ReentrantLock lock = new ReentrantLock();
    private final GateEvidence.Key key;
    private final long slowMicros;
    private final OutcomeCounts share = new OutcomeCounts();
    private final OutcomeCounts other = new OutcomeCounts();
    private long fallbacks;
    private final long[] latency = new long[LatencyBuckets.COUNT];
    private long sumMicros;
    private final int[] cells = new int[CELLS];
    private final HashSet64 keys = new HashSet64(MOST_KEYS);
    private final HashSet64 errors = new HashSet64(MOST_EVENTS);
    private final HashSet64 slow = new HashSet64(MOST_EVENTS);
    private long overflow;
    private long excluded;
    private long version;

    EvidenceEntry(GateEvidence.Key key, long slowMicros) {
        this.key = key;
        this.slowMicros = slowMicros;
    }

    void count(ExchangeRecord exchange, GateOutcome outcome) {
        lock.lock();
        try {
            if (!note(outcome)) {
                return;
            }
            if (outcome.decision().isDrawn()) {
                share.count(outcome);
                judge(exchange, outcome, outcome.keyHash());
            } else {
                other.count(outcome);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Counts a request whose decision was carried here as one that was decided by share.
     *
     * @param bucket hash of its bucket, in the place of its key's
     */
    void countCarried(ExchangeRecord exchange, GateOutcome outcome, long bucket) {
        lock.lock();
        try {
            if (note(outcome)) {
                share.count(outcome);
                judge(exchange, outcome, bucket);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether an outcome counts, after what is counted of each. Under the lock. */
    private boolean note(GateOutcome outcome) {
        version++;
        if (outcome.fault() == FaultMark.EXCLUDED) {
            excluded++;
            return false;
        }
        fallbacks += outcome.fellBack() ? 1 : 0;
        return true;
    }

    GateEvidence read() {
        lock.lock();
        try {
            return new GateEvidence(
                    key,
                    share.read(),
                    other.read(),
                    fallbacks,
                    new Latency(buckets(), sumMicros),
                    Arrays.stream(cells).boxed().toList(),
                    Arrays.stream(errors.toArray()).boxed().toList(),
                    Arrays.stream(slow.toArray()).boxed().toList(),
                    overflow,
                    excluded,
                    version);
        } finally {
            lock.unlock();
        }
    }

    /** What only requests decided by the share give: the judge reads it. */
    private void judge(ExchangeRecord exchange, GateOutcome outcome, long hash) {
        long micros = TimeUnit.NANOSECONDS.toMicros(exchange.answerNanos());
        boolean failed = isError(outcome.result());
        boolean answered = outcome.result() != Result.CANCELLED;
        if (answered) {
            latency[LatencyBuckets.of(micros)]++;
            sumMicros += micros;
        }
        if (hash == 0) {
            return;
        }
        switch (keys.offer(hash)) {
            case ADDED -> cells[(int) (hash >>> CELL_SHIFT)]++;
            case KNOWN -> {}
            case FULL -> overflow++;
        }
        if (failed && errors.offer(hash & REST) == HashSet64.Offer.FULL) {
            overflow++;
        }
        if (answered && micros > slowMicros && slow.offer(hash & REST) == HashSet64.Offer.FULL) {
            overflow++;
        }
    }

    private static boolean isError(Result result) {
        return switch (result) {
            case SERVER_ERROR, RESET, TIMEOUT -> true;
            case SUCCESS, CLIENT_ERROR, CANCELLED -> false;
        };
    }

    private List<Bucket> buckets() {
        List<Bucket> buckets = new ArrayList<>();
        for (int i = 0; i < latency.length; i++) {
            if (latency[i] != 0) {
                buckets.add(new Bucket(i, latency[i]));
            }
        }
        return buckets;
    }
}
