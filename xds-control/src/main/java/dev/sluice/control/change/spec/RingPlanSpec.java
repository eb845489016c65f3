package dev.sluice.control.change.spec;

import dev.sluice.contract.RingPlanName;
import dev.sluice.contract.ServiceName;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * In which order nodes get new structure. Immutable; ranges are checked by {@code lifecycle}.
 *
 * @param rings in their order, 1..16; the last has the members that no other has
 */
public record RingPlanSpec(RingPlanName name, Description description, List<Ring> rings) {
    public RingPlanSpec {
        rings = List.copyOf(rings);
    }

    /**
     * Nodes that get new structure together.
     *
     * @param id unique in the plan
     * @param bake how long the structure is in force at all of them before the next ring gets it,
     *     0..7 d; 5 min by default
     * @param deadline how long a node may take to accept it, 1 s..24 h; 1 min by default
     */
    public record Ring(String id, Members members, Duration bake, Duration deadline) {}

    /**
     * Who is in a ring, unless an earlier one has it: a node that any of these names.
     *
     * @param nodes ids, or beginnings that end in {@code *}
     * @param clusters xDS clusters of nodes
     * @param services that nodes stand beside
     * @param labels a node that has all of these; none when empty
     * @param percent of all nodes, by the hash of their ids, 0..100; a higher one has all nodes of
     *     a lower
     */
    public record Members(
            List<String> nodes,
            List<String> clusters,
            List<ServiceName> services,
            Map<String, String> labels,
            int percent) {
        /** Names nobody; the last ring, which has all the others. */
        public static final Members REST =
                new Members(List.of(), List.of(), List.of(), Map.of(), 0);

        public Members {
            nodes = List.copyOf(nodes);
            clusters = List.copyOf(clusters);
            services = List.copyOf(services);
            labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        }
    }
}
