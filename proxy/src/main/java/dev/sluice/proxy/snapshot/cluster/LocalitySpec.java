package dev.sluice.proxy.snapshot.cluster;

import java.util.List;

/**
 * Endpoints that are close together (Envoy {@code LocalityLbEndpoints}). Immutable.
 *
 * @param name where they are
 * @param priority 0 first; the next one only as far as it can't serve everything
 * @param weight 0..; 0, Envoy's default, gets nothing where weights of localities count
 */
public record LocalitySpec(
        LocalityName name, int priority, int weight, List<EndpointSpec> endpoints) {
    public LocalitySpec {
        endpoints = List.copyOf(endpoints);
    }

    /** Endpoints of no particular place. */
    public static LocalitySpec anywhere(List<EndpointSpec> endpoints) {
        return new LocalitySpec(LocalityName.NONE, 0, 0, endpoints);
    }

    /**
     * A place; each part may be empty.
     *
     * @param region such as a country
     * @param zone such as a data centre
     * @param subZone such as a rack
     */
    public record LocalityName(String region, String zone, String subZone) {
        /** No particular place. */
        public static final LocalityName NONE = new LocalityName("", "", "");
    }
}
