package dev.sluice.proxy.path;

import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.route.RouteTable;
import java.util.Map;

/**
 * The configuration by which exchanges are served, compiled from one snapshot: read once by each
 * exchange and kept to its end. Immutable; the clusters it names live on through swaps.
 *
 * @param version of the snapshot
 * @param routes by filter chain ({@code ListenerSpec.routesKey})
 * @param clusters by name
 */
public record ConfigurationInForce(
        long version, Map<String, RouteTable> routes, Map<String, Cluster> clusters) {
    /** Nothing at all. */
    public static final ConfigurationInForce EMPTY =
            new ConfigurationInForce(0, Map.of(), Map.of());

    public ConfigurationInForce {
        routes = Map.copyOf(routes);
        clusters = Map.copyOf(clusters);
    }
}
