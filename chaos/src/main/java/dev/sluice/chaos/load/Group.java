package dev.sluice.chaos.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Requests of a ledger that have something in common, in numbers. Immutable.
 *
 * @param name {@code all}, an arm, or {@code undecided} for answers without a decision
 * @param requests how many
 * @param errors how many of them a user would call bad
 * @param latencies from the intended start, sorted, in nanoseconds; of good answers only, since a
 *     fast error is no fast answer
 */
public record Group(String name, long requests, long errors, List<Long> latencies) {
    /** The name of the group of all requests. */
    public static final String ALL = "all";

    public Group {
        latencies = List.copyOf(latencies);
    }

    /** All requests first, then each arm that decided some of them. */
    public static List<Group> of(List<Entry> entries) {
        Map<String, List<Entry>> groups = new LinkedHashMap<>();
        groups.put(ALL, entries);
        Map<String, List<Entry>> byArm = new TreeMap<>();
        for (Entry entry : entries) {
            String arm =
                    Decisions.of(entry.answer()).map(made -> made.arm().name()).orElse("undecided");
            byArm.computeIfAbsent(arm, _ -> new ArrayList<>()).add(entry);
        }
        groups.putAll(byArm);
        return groups.entrySet().stream()
                .map(group -> of(group.getKey(), group.getValue()))
                .toList();
    }

    private static Group of(String name, List<Entry> entries) {
        long[] latencies =
                entries.stream()
                        .filter(entry -> entry.answer().good())
                        .mapToLong(Entry::latency)
                        .sorted()
                        .toArray();
        return new Group(
                name,
                entries.size(),
                entries.size() - latencies.length,
                Arrays.stream(latencies).boxed().toList());
    }

    /**
     * The smallest latency that so many per cent of the good answers do not exceed, in
     * milliseconds; not a number without any.
     *
     * @param percent above 0, at most 100
     */
    public double quantile(double percent) {
        if (latencies.isEmpty()) {
            return Double.NaN;
        }
        int rank = (int) Math.ceil(percent / 100 * latencies.size());
        return latencies.get(Math.max(rank, 1) - 1) / 1e6;
    }

    /** Errors per request, 0..1; 0 without requests. */
    public double errorRate() {
        return requests == 0 ? 0 : (double) errors / requests;
    }
}
