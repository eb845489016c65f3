package dev.sluice.demo.view;

import dev.sluice.demo.load.Entry;
import java.util.List;

/**
 * What users saw of one arm. Immutable.
 *
 * @param requests answered or lost
 * @param errors of these
 * @param p50Millis median time to the last byte
 * @param p99Millis 99th percentile
 */
public record StepNumbers(long requests, long errors, double p50Millis, double p99Millis) {
    /**
     * Of the entries that the version named {@code suffix} ({@code /legacy} or {@code /new})
     * answered.
     */
    public static StepNumbers of(List<Entry> entries, String suffix) {
        List<Entry> own =
                entries.stream()
                        .filter(entry ->
                                entry.outcome() instanceof Entry.Outcome.Answered answered
                                        && answered.servedBy().endsWith(suffix))
                        .toList();
        long[] nanos =
                own.stream().mapToLong(entry -> entry.latency().toNanos()).sorted().toArray();
        return new StepNumbers(
                own.size(),
                own.stream().filter(Entry::isError).count(),
                quantile(nanos, 0.5),
                quantile(nanos, 0.99));
    }

    private static double quantile(long[] sorted, double q) {
        return sorted.length == 0
                ? 0
                : sorted[(int) Math.min(sorted.length - 1, Math.floor(q * sorted.length))] / 1e6;
    }
}
