package dev.sluice.chaos.load;

import java.util.List;

/**
 * By how much a generator was late with its requests, in numbers. What comes late was not asked of
 * the target when it should have been, so that a load of which much is late was another load.
 * Immutable.
 *
 * @param requests how many there were
 * @param perSecond at which they began, from the first to the last; 0 for fewer than two
 * @param noticeable how many began more than 10 ms late
 * @param grave how many began more than a second late
 * @param p99 lateness that 99 % do not exceed, in nanoseconds; 0 without requests
 * @param longest lateness, in nanoseconds; 0 without requests
 */
public record Lateness(
        long requests, double perSecond, long noticeable, long grave, long p99, long longest) {
    private static final long SECOND = 1_000_000_000;
    private static final long NOTICEABLE = 10_000_000;
    private static final int MOST_GRAVE = 10;

    /** Of all requests, sent or not. */
    public static Lateness of(List<Entry> entries) {
        if (entries.isEmpty()) {
            return new Lateness(0, 0, 0, 0, 0, 0);
        }
        long[] late = entries.stream().mapToLong(Entry::lateness).sorted().toArray();
        var sent = entries.stream().mapToLong(Entry::sent).summaryStatistics();
        long span = sent.getMax() - sent.getMin();
        return new Lateness(
                late.length,
                span == 0 ? 0 : (late.length - 1) * (double) SECOND / span,
                above(late, NOTICEABLE),
                above(late, SECOND),
                late[(int) Math.ceil(late.length * 0.99) - 1],
                late[late.length - 1]);
    }

    private static long above(long[] sorted, long limit) {
        long above = 0;
        for (int i = sorted.length - 1; i >= 0 && sorted[i] > limit; i--) {
            above++;
        }
        return above;
    }

    /** Whether it was the load that was asked for: at most one in ten came a second late. */
    public boolean isKept() {
        return grave * MOST_GRAVE <= requests;
    }
}
