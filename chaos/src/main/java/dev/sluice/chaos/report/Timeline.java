package dev.sluice.chaos.report;

import dev.sluice.chaos.load.Entry;
import dev.sluice.chaos.load.Group;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A ledger cut into slots of the same length, by the intended start of requests. Immutable.
 *
 * @param slotSeconds length of each slot, 0.1 or more
 * @param slots in order, from the start of the load; one without requests is there too
 */
record Timeline(double slotSeconds, List<Slot> slots) {
    private static final int MOST_SLOTS = 120;
    private static final long SHORTEST_NANOS = 100_000_000;

    Timeline {
        slots = List.copyOf(slots);
    }

    /**
     * The requests of one slot.
     *
     * @param groups as {@link Group#of} gives them
     */
    record Slot(List<Group> groups) {
        Slot {
            groups = List.copyOf(groups);
        }

        /** Share of decided requests that were on NEW, in percent; not a number without any. */
        double share() {
            double moved = requests("NEW");
            double decided = moved + requests("LEGACY");
            return decided == 0 ? Double.NaN : 100 * moved / decided;
        }

        long requests(String arm) {
            return groups.stream()
                    .filter(group -> group.name().equals(arm))
                    .mapToLong(Group::requests)
                    .sum();
        }

        /** Errors of an arm; 0 without requests. */
        long errors(String arm) {
            return groups.stream()
                    .filter(group -> group.name().equals(arm))
                    .mapToLong(Group::errors)
                    .sum();
        }

        /** The 99th percentile in milliseconds; not a number without good answers. */
        double latency(String arm) {
            return groups.stream()
                    .filter(group -> group.name().equals(arm))
                    .mapToDouble(group -> group.quantile(99))
                    .findFirst()
                    .orElse(Double.NaN);
        }
    }

    static Timeline of(List<Entry> entries) {
        long last = entries.stream().mapToLong(entry -> entry.planned().intended()).max().orElse(0);
        long length = SHORTEST_NANOS * (1 + last / (SHORTEST_NANOS * MOST_SLOTS));
        TreeMap<Long, List<Entry>> bySlot = new TreeMap<>();
        for (Entry entry : entries) {
            long slot = entry.planned().intended() / length;
            bySlot.computeIfAbsent(slot, _ -> new ArrayList<>()).add(entry);
        }
        List<Slot> slots = new ArrayList<>();
        for (long i = 0; !bySlot.isEmpty() && i <= bySlot.lastKey(); i++) {
            slots.add(new Slot(Group.of(bySlot.getOrDefault(i, List.of()))));
        }
        return new Timeline(length / 1e9, slots);
    }

    /** Whether any request was of this arm. */
    boolean has(String arm) {
        return slots.stream().anyMatch(slot -> slot.requests(arm) > 0);
    }

    /** From the start to the end of the last slot. */
    double seconds() {
        return slotSeconds * slots.size();
    }
}
