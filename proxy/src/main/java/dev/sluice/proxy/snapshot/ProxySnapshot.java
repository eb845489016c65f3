package dev.sluice.proxy.snapshot;

import dev.sluice.proxy.snapshot.cluster.ClusterSpec;
import dev.sluice.proxy.snapshot.cluster.LoadAssignmentSpec;
import dev.sluice.proxy.snapshot.listener.ListenerSpec;
import dev.sluice.proxy.snapshot.route.RouteConfigurationSpec;
import dev.sluice.proxy.snapshot.tls.SecretSpec;
import java.util.List;
import java.util.Map;

/**
 * Everything the data plane works by, whole and immutable: swapped in one write, read once for each
 * exchange and kept to its end.
 *
 * @param version counts up with every swap of this process
 * @param listeners by order of the bootstrap, then of the management server
 * @param routes by name, those of {@code RouteSource.Rds}
 * @param clusters by name
 * @param endpoints of EDS clusters, by service name
 * @param secrets by name
 */
public record ProxySnapshot(
        long version,
        List<ListenerSpec> listeners,
        Map<String, RouteConfigurationSpec> routes,
        Map<String, ClusterSpec> clusters,
        Map<String, LoadAssignmentSpec> endpoints,
        Map<String, SecretSpec> secrets) {
    /** Nothing at all. */
    public static final ProxySnapshot EMPTY =
            new ProxySnapshot(0, List.of(), Map.of(), Map.of(), Map.of(), Map.of());

    public ProxySnapshot {
        listeners = List.copyOf(listeners);
        routes = Map.copyOf(routes);
        clusters = Map.copyOf(clusters);
        endpoints = Map.copyOf(endpoints);
        secrets = Map.copyOf(secrets);
    }

    /** Whether both say the same, whatever their versions. */
    public boolean sameContent(ProxySnapshot other) {
        return listeners.equals(other.listeners)
                && routes.equals(other.routes)
                && clusters.equals(other.clusters)
                && endpoints.equals(other.endpoints)
                && secrets.equals(other.secrets);
    }
}
