package dev.sluice.control.snapshot;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

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
        return String.format(Locale.ROOT, "%020d-%s", seq, of(type).hash());
    }

    /** Whether both say the same, whenever they were rendered. */
    public boolean sameContent(Structure other) {
        for (ResourceType type : ResourceType.values()) {
            if (!of(type).hash().equals(other.of(type).hash())) {
                return false;
            }
        }
        return true;
    }

    /** The same content as of a later place of the log. */
    public Structure at(long later) {
        return new Structure(later, sets);
    }

    /** The same but for route configurations of these names, which are the target's. */
    public Structure withRoutes(Structure target, Set<String> names) {
        Map<ResourceType, ResourceSet> changed = new EnumMap<>(sets);
        changed.put(
                ResourceType.ROUTE,
                of(ResourceType.ROUTE).replacing(target.of(ResourceType.ROUTE), names));
        return new Structure(target.seq, changed);
    }

    /**
     * First of three steps to the target: its clusters and endpoints are added, nothing is taken
     * away.
     */
    public Structure additive(Structure target) {
        return new Structure(
                target.seq,
                Map.of(
                        ResourceType.CLUSTER,
                                target.of(ResourceType.CLUSTER).keeping(of(ResourceType.CLUSTER)),
                        ResourceType.ENDPOINT,
                                target.of(ResourceType.ENDPOINT).keeping(of(ResourceType.ENDPOINT)),
                        ResourceType.LISTENER, of(ResourceType.LISTENER),
                        ResourceType.ROUTE, of(ResourceType.ROUTE)));
    }

    /** Second step: listeners and routes are the target's, old clusters are still there. */
    public Structure switched(Structure target) {
        return new Structure(
                target.seq,
                Map.of(
                        ResourceType.CLUSTER, of(ResourceType.CLUSTER),
                        ResourceType.ENDPOINT, of(ResourceType.ENDPOINT),
                        ResourceType.LISTENER, target.of(ResourceType.LISTENER),
                        ResourceType.ROUTE, target.of(ResourceType.ROUTE)));
    }
}
