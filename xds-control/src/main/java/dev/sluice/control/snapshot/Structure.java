package dev.sluice.control.snapshot;

import dev.sluice.control.catalog.Catalog;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What one node should have besides gates: listeners, routes, clusters, endpoints. Immutable.
 *
 * @param epoch of the log, raised when a backup is restored
 * @param seq place of the log that it was rendered from
 * @param sets of every type
 * @param former what it had once, and may come back with
 */
public record Structure(
        long epoch, long seq, Map<ResourceType, ResourceSet> sets, List<Former> former) {
    /** How much of a place one epoch is: more than a log has events. */
    public static final long EPOCH = 1_000_000_000_000L;

    private static final int PLACE_DIGITS = 20;

    /** Nothing, from before the log. */
    public static final Structure EMPTY = new Structure(0, 0, Map.of(), List.of());

    public Structure {
        EnumMap<ResourceType, ResourceSet> all = new EnumMap<>(ResourceType.class);
        for (ResourceType type : ResourceType.values()) {
            all.put(type, sets.getOrDefault(type, ResourceSet.EMPTY));
        }
        sets = Collections.unmodifiableMap(all);
        former = List.copyOf(former);
    }

    public ResourceSet of(ResourceType type) {
        return sets.getOrDefault(type, ResourceSet.EMPTY);
    }

    /** Whether a node with one of them has the other too. */
    public boolean hasContentOf(Structure other) {
        return former.equals(other.former)
                && sets.entrySet().stream()
                        .allMatch(
                                set -> set.getValue().hash().equals(other.of(set.getKey()).hash()));
    }

    /** The same as of another place of the log. */
    public Structure at(Catalog place) {
        return new Structure(place.epoch(), place.seq(), sets, former);
    }

    /**
     * {@code {8 digits of the epoch}{12 of the log's sequence}-{content hash}}: ordered by the log,
     * equal on all replicas.
     */
    public String version(ResourceType type) {
        return version(seq, of(type));
    }

    /**
     * The same for a set that is sent in place of the whole type. With resources that are gone it
     * bears the last place of the log at which the first of them was still there: who comes back
     * with it is known to have them.
     */
    public String version(ResourceType type, ResourceSet set) {
        long present = seq;
        for (Former gone : former) {
            if (gone.type() == type
                    && set.byName().containsKey(gone.resource().name())
                    && !of(type).byName().containsKey(gone.resource().name())) {
                present = Math.min(present, gone.seq() - 1);
            }
        }
        return version(present, set);
    }

    /** Epoch and sequence as one number. */
    public long place() {
        return place(seq);
    }

    private long place(long sequence) {
        return Math.addExact(Math.multiplyExact(epoch, EPOCH), sequence);
    }

    private String version(long sequence, ResourceSet set) {
        String place = Long.toString(place(sequence));
        return "0".repeat(PLACE_DIGITS - place.length()) + place + "-" + set.hash();
    }
}
