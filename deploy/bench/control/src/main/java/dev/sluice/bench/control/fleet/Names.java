package dev.sluice.bench.control.fleet;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.sluice.gate.v1.Gate;
import dev.sluice.gate.v1.RouteGate;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What resources say, as far as a simulated sidecar has to know: what they name, and gates. What
 * equal versions name is read once for all sidecars. Thread-safe.
 */
final class Names {
    static final String CLUSTER = "type.googleapis.com/envoy.config.cluster.v3.Cluster";
    static final String ENDPOINT =
            "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment";
    static final String LISTENER = "type.googleapis.com/envoy.config.listener.v3.Listener";
    static final String ROUTE = "type.googleapis.com/envoy.config.route.v3.RouteConfiguration";
    static final String GATE = "type.googleapis.com/sluice.gate.v1.Gate";

    private static final String GATE_FILTER = "sluice.gate";

    private final Map<Content, Set<String>> named = new ConcurrentHashMap<>();

    private record Content(String type, String name, String version) {}

    /** Names of the next type: endpoints of clusters, routes of listeners, gates of routes. */
    Set<String> in(Resource resource) {
        return named.computeIfAbsent(content(resource), _ -> read(resource.getResource()));
    }

    /** Read anew, as every sidecar has to. */
    static Gate gate(Resource resource) {
        try {
            return Gate.parseFrom(resource.getResource().getValue());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the control plane sent garbage", e);
        }
    }

    private static Content content(Resource resource) {
        return new Content(
                resource.getResource().getTypeUrl(), resource.getName(), resource.getVersion());
    }

    private static Set<String> read(Any any) {
        return switch (any.getTypeUrl()) {
            case CLUSTER -> endpoints(unpack(any, Cluster.class));
            case LISTENER -> routes(unpack(any, Listener.class));
            case ROUTE -> gates(unpack(any, RouteConfiguration.class));
            default -> Set.of();
        };
    }

    private static Set<String> endpoints(Cluster cluster) {
        if (cluster.getType() != Cluster.DiscoveryType.EDS) {
            return Set.of();
        }
        String name = cluster.getEdsClusterConfig().getServiceName();
        return Set.of(name.isEmpty() ? cluster.getName() : name);
    }

    private static Set<String> routes(Listener listener) {
        Set<String> names = new TreeSet<>();
        listener.getFilterChainsList().stream()
                .flatMap(chain -> chain.getFiltersList().stream())
                .filter(filter -> filter.getTypedConfig().is(HttpConnectionManager.class))
                .map(filter -> unpack(filter.getTypedConfig(), HttpConnectionManager.class))
                .forEach(manager -> names.add(manager.getRds().getRouteConfigName()));
        return names;
    }

    private static Set<String> gates(RouteConfiguration routes) {
        Set<String> names = new TreeSet<>();
        routes.getVirtualHostsList().stream()
                .flatMap(host -> host.getRoutesList().stream())
                .flatMap(route ->
                        route.getTypedPerFilterConfigMap().entrySet().stream()
                                .filter(config -> config.getKey().equals(GATE_FILTER)))
                .forEach(config -> names.add(unpack(config.getValue(), RouteGate.class).getName()));
        return names;
    }

    private static <T extends com.google.protobuf.Message> T unpack(Any any, Class<T> type) {
        try {
            return any.unpack(type);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the control plane sent garbage", e);
        }
    }
}
