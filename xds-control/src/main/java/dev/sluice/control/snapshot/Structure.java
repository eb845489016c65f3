package dev.sluice.control.snapshot;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * What one node should have besides gates: listeners, routes, clusters, endpoints. Immutable.
 *
 * @param seq place of the log that it was rendered from
 * @param sets of every type
 */
public record Structure(long seq, Map<ResourceType, ResourceSet> sets) {
    /** Nothing, from before the log. */
    public static final Structure EMPTY = new Structure(0, Map.of());

    public Structure {
        EnumMap<ResourceType, ResourceSet> all = new EnumMap<>(ResourceType.class);
        for (ResourceType type : ResourceType.values()) {
            all.put(type, sets.getOrDefault(type, ResourceSet.EMPTY));
        }
        sets = Collections.unmodifiableMap(all);
    }

    public ResourceSet of(ResourceType type) {
        return sets.getOrDefault(type, ResourceSet.EMPTY);
    }

    /**
     * {@code {20 digits of the log's sequence}-{content hash}}: ordered by the log, equal on all
     * replicas.
     */
    public String version(ResourceType type) {
        return version(of(type));
    }

    /** The same for a set that is sent in place of the whole type. */
    public String version(ResourceSet set) {
        return String.format(Locale.ROOT, "%020d-%s", seq, set.hash());
    }
}
