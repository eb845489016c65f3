package dev.sluice.demo.view;

import dev.sluice.demo.load.Entry;
import java.util.List;
import java.util.function.Predicate;

/**
 * What users saw of one side. Immutable.
 *
 * @param requests answered or lost
 * @param errors of these
 * @param p50Millis median time to the last byte; 0 without requests
 * @param p99Millis 99th percentile; 0 without requests
 */
record StepNumbers(long requests, long errors, double p50Millis, double p99Millis) {
    /** Of the entries that are of that side. */
    static StepNumbers of(List<Entry> entries, Predicate<Entry> side) {
        List<Entry> own = entries.stream().filter(side).toList();
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
