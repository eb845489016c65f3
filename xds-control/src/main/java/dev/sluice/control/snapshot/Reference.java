package dev.sluice.control.snapshot;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster.ClusterWeight;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A resource that another one names and can't work without: a cluster of a route, the route table
 * of a listener, the endpoints of a cluster. Immutable.
 */
public record Reference(ResourceType type, String name) {
    /**
     * What a resource names, in the order in which it names it. A weighted cluster that gets no
     * traffic is not needed: so a share that goes back to 0 depends on nothing but the arm that it
     * goes back to.
     */
    static Set<Reference> of(Message resource) {
        Set<Reference> named = new LinkedHashSet<>();
        switch (resource) {
            case Cluster cluster -> endpoints(cluster, named);
            case RouteConfiguration routes -> clusters(routes, named);
            case Listener listener -> routes(listener, named);
            default -> {
                // Endpoints name nothing, and neither do gates.
            }
        }
        return Set.copyOf(named);
    }

    private static void endpoints(Cluster cluster, Set<Reference> named) {
        if (cluster.getType() == Cluster.DiscoveryType.EDS) {
            String service = cluster.getEdsClusterConfig().getServiceName();
            named.add(
                    new Reference(
                            ResourceType.ENDPOINT,
                            service.isEmpty() ? cluster.getName() : service));
        }
    }

    private static void clusters(RouteConfiguration routes, Set<Reference> named) {
        for (VirtualHost host : routes.getVirtualHostsList()) {
            for (Route route : host.getRoutesList()) {
                clusters(route.getRoute(), named);
            }
        }
    }

    private static void clusters(RouteAction action, Set<Reference> named) {
        if (action.hasCluster()) {
            named.add(new Reference(ResourceType.CLUSTER, action.getCluster()));
        }
        for (ClusterWeight weighted : action.getWeightedClusters().getClustersList()) {
            if (weighted.getWeight().getValue() != 0) {
                named.add(new Reference(ResourceType.CLUSTER, weighted.getName()));
            }
        }
    }

    private static void routes(Listener listener, Set<Reference> named) {
        if (listener.hasApiListener()) {
            routes(manager(listener.getApiListener().getApiListener()), named);
        }
        for (FilterChain chain : listener.getFilterChainsList()) {
            for (Filter filter : chain.getFiltersList()) {
                if (filter.getTypedConfig().is(HttpConnectionManager.class)) {
                    routes(manager(filter.getTypedConfig()), named);
                }
            }
        }
    }

    private static void routes(HttpConnectionManager manager, Set<Reference> named) {
        if (manager.hasRds()) {
            named.add(new Reference(ResourceType.ROUTE, manager.getRds().getRouteConfigName()));
        }
        clusters(manager.getRouteConfig(), named);
    }

    private static HttpConnectionManager manager(Any config) {
        try {
            return config.unpack(HttpConnectionManager.class);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("what we packed ourselves can be unpacked", e);
        }
    }

    @Override
    public String toString() {
        return type.word() + " '" + name + "'";
    }
}
