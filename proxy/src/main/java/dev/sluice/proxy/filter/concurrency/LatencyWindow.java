package dev.sluice.proxy.filter.concurrency;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Latencies of one window in buckets that each are 1/16 wide of their value at most. A latency that
 * comes while the window ends counts in one or the other. Thread-safe.
 */
final class LatencyWindow {
    private static final int PARTS = 16;
    private static final int PART_BITS = 4;

    private final AtomicIntegerArray counts =
            new AtomicIntegerArray((Long.SIZE - PART_BITS) * PARTS);
    private final AtomicInteger count = new AtomicInteger();

    /** How many there are. */
    int count() {
        return count.get();
    }

    /**
     * Adds one.
     *
     * @param nanos less counts as 0
     */
    void add(long nanos) {
        counts.incrementAndGet(bucket(Math.max(0, nanos)));
        count.incrementAndGet();
    }

    /**
     * The latency under which this part of all lies, in nanoseconds, and an empty window; 0 for one
     * that is empty.
     *
     * @param quantile 0..1
     */
    long end(double quantile) {
        int all = count.getAndSet(0);
        long wanted = Math.max(1, (long) Math.ceil(quantile * all));
        long seen = 0;
        long found = 0;
        for (int i = 0; i < counts.length(); i++) {
            int here = counts.get(i) == 0 ? 0 : counts.getAndSet(i, 0);
            if (here > 0 && seen < wanted) {
                found = middle(i);
            }
            seen += here;
        }
        return found;
    }

    private static int bucket(long nanos) {
        if (nanos < PARTS) {
            return (int) nanos;
        }
        int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos) - PART_BITS;
        return (shift + 1) * PARTS + (int) (nanos >>> shift) - PARTS;
    }

    private static long middle(int bucket) {
        if (bucket < PARTS) {
            return bucket;
        }
        int shift = bucket / PARTS - 1;
        long low = (long) (bucket % PARTS + PARTS) << shift;
        return low + (1L << shift) / 2;
    }
}
