package dev.sluice.control.evidence;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Durations in microseconds, counted in log-linear buckets: bucket i below 16 counts the value i;
 * above, each power of two is split in 16, so that a bucket's ends differ by at most 1/16. Merging
 * adds, in any order. Immutable. Source: evidence.proto, LatencyHistogram.
 */
public final class LatencyHistogram {
    private static final int LINEAR = 16;
    private static final int FIRST_POWER = 4;
    private static final int LAST_POWER = 39;

    /** How many buckets there are; larger values count in the last. */
    public static final int BUCKETS = LINEAR * (LAST_POWER - FIRST_POWER + 2);

    public static final LatencyHistogram EMPTY = new LatencyHistogram(new long[0], 0);

    private final long[] counts; // up to the last bucket that is not zero
    private final long sumMicros;

    private LatencyHistogram(long[] counts, long sumMicros) {
        this.counts = counts;
        this.sumMicros = sumMicros;
    }

    /**
     * From buckets and their counts.
     *
     * @throws IllegalArgumentException when the arrays differ in length, or a bucket is not
     *     ascending or out of range, or a count is negative
     */
    public static LatencyHistogram of(int[] index, long[] count, long sumMicros) {
        if (index.length != count.length) {
            throw new IllegalArgumentException(
                    index.length + " buckets with " + count.length + " counts");
        }
        long[] counts = new long[index.length == 0 ? 0 : index[index.length - 1] + 1];
        int before = -1;
        for (int i = 0; i < index.length; i++) {
            if (index[i] <= before || index[i] >= BUCKETS || count[i] < 0) {
                throw new IllegalArgumentException(
                        "bucket "
                                + index[i]
                                + " with count "
                                + count[i]
                                + " (expected ascending 0.."
                                + (BUCKETS - 1)
                                + ", counts not negative)");
            }
            before = index[i];
            counts[index[i]] = count[i];
        }
        return new LatencyHistogram(counts, sumMicros);
    }

    /** The bucket that counts a duration. */
    public static int bucket(long micros) {
        if (micros < LINEAR) {
            return (int) Math.max(0, micros);
        }
        int power = Math.min(LAST_POWER, Long.SIZE - 1 - Long.numberOfLeadingZeros(micros));
        long within = Math.min(LINEAR - 1, (micros >> (power - FIRST_POWER)) - LINEAR);
        return LINEAR * (power - FIRST_POWER + 1) + (int) within;
    }

    /** The largest duration that a bucket counts, microseconds. */
    public static long upperMicros(int bucket) {
        if (bucket < LINEAR) {
            return bucket;
        }
        int power = bucket / LINEAR - 1 + FIRST_POWER;
        long within = bucket % LINEAR;
        return ((LINEAR + within + 1) << (power - FIRST_POWER)) - 1;
    }

    public LatencyHistogram plus(LatencyHistogram other) {
        long[] longer = counts.length >= other.counts.length ? counts : other.counts;
        long[] shorter = longer == counts ? other.counts : counts;
        long[] sum = longer.clone();
        for (int i = 0; i < shorter.length; i++) {
            sum[i] += shorter[i];
        }
        return new LatencyHistogram(sum, sumMicros + other.sumMicros);
    }

    public long count() {
        return Arrays.stream(counts).sum();
    }

    /** Mean, microseconds; 0 when empty. */
    public double meanMicros() {
        long count = count();
        return count == 0 ? 0 : (double) sumMicros / count;
    }

    /**
     * A duration that at least this part of the values does not exceed, microseconds; 0 when empty.
     *
     * @param part 0..1
     */
    public long quantileMicros(double part) {
        long rank = Math.max(1, (long) Math.ceil(part * count()));
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return upperMicros(i);
            }
        }
        return 0;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LatencyHistogram that
                && sumMicros == that.sumMicros
                && Arrays.equals(trimmed(), that.trimmed());
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(trimmed()) + Long.hashCode(sumMicros);
    }

    private long[] trimmed() {
        int end = counts.length;
        while (end > 0 && counts[end - 1] == 0) {
            end--;
        }
        return Arrays.copyOf(counts, end);
    }
}
