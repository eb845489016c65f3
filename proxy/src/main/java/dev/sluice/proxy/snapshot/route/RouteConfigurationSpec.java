package dev.sluice.proxy.snapshot.route;

import dev.sluice.proxy.snapshot.filter.HttpFilterSpec;
import dev.sluice.proxy.snapshot.header.HeaderMutations;
import java.util.List;
import java.util.Map;

/**
 * Routes of one or more listeners (Envoy {@code RouteConfiguration}). Immutable.
 *
 * @param name as RDS knows it; may be empty inline
 * @param virtualHosts each domain in one of them only
 * @param filters what it says about filters, by their names
 * @param headers those of all its routes
 * @param order in which the levels change headers
 * @param port whether a port in the authority counts when a virtual host is looked up
 * @param unknown what becomes of clusters that nobody has configured
 */
public record RouteConfigurationSpec(
        String name,
        List<VirtualHostSpec> virtualHosts,
        Map<String, HttpFilterSpec.RouteOverride> filters,
        HeaderMutations headers,
        MutationOrder order,
        HostPort port,
        UnknownClusters unknown) {
    /** Which level changes headers last, and so wins. */
    public enum MutationOrder {
        /** Weighted cluster, route, virtual host, route configuration (Envoy's default). */
        GENERAL_LAST,
        /** The reverse (Envoy's {@code most_specific_header_mutations_wins}). */
        SPECIFIC_LAST
    }

    /** What becomes of clusters that routes name and nobody has configured. */
    public enum UnknownClusters {
        /** The routes wait for them. */
        AWAITED,
        /** Requests to them are refused (Envoy's {@code validate_clusters: false}). */
        REFUSED
    }

    /** Whether the port of an authority counts. */
    public enum HostPort {
        COUNTS,
        IGNORED
    }

    public RouteConfigurationSpec {
        filters = Map.copyOf(filters);
        virtualHosts = List.copyOf(virtualHosts);
    }
}
