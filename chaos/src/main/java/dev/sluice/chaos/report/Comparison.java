package dev.sluice.chaos.report;

import dev.sluice.chaos.load.Group;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether one group of requests is worse than another by more than is allowed. Immutable.
 *
 * @param rows latency at the 50th and 99th percentile, and errors, in this order
 */
public record Comparison(List<Row> rows) {
    private static final double[] PERCENTS = {50, 99};

    public Comparison {
        rows = List.copyOf(rows);
    }

    /**
     * What is allowed.
     *
     * @param latency growth of a latency, 0.2 for a fifth
     * @param slack growth of a latency that is always allowed, as short ones differ by chance
     * @param errors growth of errors per request, 0.001 for one more in a thousand
     */
    public record Thresholds(double latency, Duration slack, double errors) {}

    /**
     * One number of both.
     *
     * @param what names it
     * @param most what the head may have; not a number when there is too little to tell
     */
    public record Row(String what, double base, double head, double most) {
        /** Whether both have enough requests to tell. */
        public boolean told() {
            return !Double.isNaN(most);
        }

        /** Whether the head is worse than is allowed. */
        public boolean worse() {
            return told() && head > most;
        }

        /** In words, with three digits after the point. */
        @Override
        public String toString() {
            return told()
                    ? String.format(
                            Locale.ROOT, "%s: %.3f to %.3f (allowed: %.3f)", what, base, head, most)
                    : what + ": too few requests to tell";
        }
    }

    /**
     * Compares. A percentile needs so many good answers that ten lie above it: 20 for the 50th,
     * 1,000 for the 99th. Errors need 100 requests.
     */
    public static Comparison of(Group base, Group head, Thresholds allowed) {
        List<Row> rows = new ArrayList<>();
        for (double percent : PERCENTS) {
            String what = "%s p%.0f ms".formatted(head.name(), percent);
            double before = base.quantile(percent);
            double slackMillis = allowed.slack().toNanos() / 1e6;
            double most =
                    enough(base, percent) && enough(head, percent)
                            ? Math.max(before * (1 + allowed.latency()), before + slackMillis)
                            : Double.NaN;
            rows.add(new Row(what, before, head.quantile(percent), most));
        }
        boolean enough = base.requests() >= 100 && head.requests() >= 100;
        rows.add(
                new Row(
                        head.name() + " errors %",
                        100 * base.errorRate(),
                        100 * head.errorRate(),
                        enough ? 100 * (base.errorRate() + allowed.errors()) : Double.NaN));
        return new Comparison(rows);
    }

    private static boolean enough(Group group, double percent) {
        return group.latencies().size() * (100 - percent) >= 1000;
    }
}
