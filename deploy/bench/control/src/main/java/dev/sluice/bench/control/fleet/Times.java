package dev.sluice.bench.control.fleet;

import java.util.List;
import java.util.Locale;

/**
 * Milliseconds of many rounds. Immutable.
 *
 * @param sorted ascending
 * @param cpu of the control plane in all of them together, milliseconds
 * @param ownCpu the same of the sidecars' process
 */
record Times(List<Double> sorted, double cpu, double ownCpu) {
    Times {
        sorted = sorted.stream().sorted().toList();
    }

    /** By nearest rank; {@code share} above 0. */
    private double quantile(double share) {
        return sorted.get((int) Math.ceil(share * sorted.size()) - 1);
    }

    /** As an object of JSON; without any time there is nothing to say but that. */
    String json() {
        return sorted.isEmpty()
                ? "{\"count\": 0}"
                : String.format(
                        Locale.ROOT,
                        "{\"count\": %d, \"p50_ms\": %.1f, \"p90_ms\": %.1f, \"p99_ms\": %.1f,"
                                + " \"max_ms\": %.1f, \"cpu_ms_each\": %.1f, \"sidecars_cpu_ms_each\":"
                                + " %.1f}",
                        sorted.size(),
                        quantile(0.5),
                        quantile(0.9),
                        quantile(0.99),
                        quantile(1),
                        cpu / sorted.size(),
                        ownCpu / sorted.size());
    }
}
