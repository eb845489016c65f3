package dev.sluice.proxy.snapshot.cluster;

import java.util.List;

/**
 * The endpoints of a cluster and how load is spread over their localities (Envoy {@code
 * ClusterLoadAssignment}). Immutable.
 *
 * @param localities in their order
 * @param overprovisioningPercent a priority is as good as whole while its usable endpoints times
 *     this are all of them; Envoy's default 140
 * @param priorityHealth what the health of a priority is measured in
 * @param drops shares of requests that are refused
 */
public record LoadAssignmentSpec(
        List<LocalitySpec> localities,
        int overprovisioningPercent,
        PriorityHealth priorityHealth,
        List<Drop> drops) {
    /** No endpoints. */
    public static final LoadAssignmentSpec EMPTY = of(List.of());

    public LoadAssignmentSpec {
        localities = List.copyOf(localities);
        drops = List.copyOf(drops);
    }

    /** Localities with Envoy's defaults for all else. */
    public static LoadAssignmentSpec of(List<LocalitySpec> localities) {
        return new LoadAssignmentSpec(localities, 140, PriorityHealth.BY_COUNT, List.of());
    }

    /** Endpoints of all localities. */
    public List<EndpointSpec> endpoints() {
        return localities.stream().flatMap(locality -> locality.endpoints().stream()).toList();
    }

    /** What the health of a priority is measured in. */
    public enum PriorityHealth {
        BY_COUNT,
        BY_WEIGHT
    }

    /**
     * A share of requests that the management server wants refused.
     *
     * @param category why, for people
     * @param ppm of all requests, 0..1,000,000
     */
    public record Drop(String category, int ppm) {}
}
