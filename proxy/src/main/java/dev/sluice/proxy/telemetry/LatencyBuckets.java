package dev.sluice.proxy.telemetry;

/**
 * The buckets of evidence's log-linear histogram of microseconds (evidence.proto,
 * LatencyHistogram): below 16 one for each value, above 16 for each power of two. Stateless.
 */
final class LatencyBuckets {
    /** How many there are: 16, and 16 for each of the exponents 4..39. */
    static final int COUNT = 16 + 16 * 36;

    private static final int LINEAR = 16;
    private static final int FIRST_EXPONENT = 4;

    private LatencyBuckets() {}

    /** Bucket of a value; the last takes all above. */
    static int of(long micros) {
        if (micros < LINEAR) {
            return (int) Math.max(0, micros);
        }
        int exponent = 63 - Long.numberOfLeadingZeros(micros);
        int part = (int) (micros >>> (exponent - FIRST_EXPONENT)) & 15;
        return Math.min(COUNT - 1, LINEAR * (exponent - 3) + part);
    }
}
