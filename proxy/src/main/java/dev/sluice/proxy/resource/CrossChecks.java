package dev.sluice.proxy.resource;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.sluice.contract.Problem;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.RouteGate;
import dev.sluice.proxy.resource.filter.GateConfigs;
import dev.sluice.proxy.resource.read.Names;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.route.RouteConfigurationParser;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.config.trace.v3.OpenTelemetryConfig;
import io.envoyproxy.envoy.config.trace.v3.Tracing;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the parts of a bootstrap must be to each other: names and addresses once, and the clusters
 * there that static routes and the management server need. Works on the messages, so that it also
 * sees parts that have problems of their own. Stateless.
 */
final class CrossChecks {
    private CrossChecks() {}

    static void check(Bootstrap proto, Spot root) {
        Spot at = root.field("static_resources");
        List<Cluster> clusters = proto.getStaticResources().getClustersList();
        Names names = new Names("cluster");
        for (int i = 0; i < clusters.size(); i++) {
            if (!clusters.get(i).getName().isEmpty()) {
                names.take(clusters.get(i).getName(), at.field("clusters").index(i).field("name"));
            }
        }
        Set<String> known = clusters.stream().map(Cluster::getName).collect(Collectors.toSet());
        listeners(proto, known, at.field("listeners"));
        adsCluster(proto, known, root);
    }

    private static void listeners(Bootstrap proto, Set<String> clusters, Spot at) {
        Names names = new Names("listener");
        Names addresses = new Names("address");
        boolean closed = !proto.getDynamicResources().hasCdsConfig();
        for (int i = 0; i < proto.getStaticResources().getListenersCount(); i++) {
            Listener listener = proto.getStaticResources().getListeners(i);
            Spot spot = at.index(i);
            if (!listener.getName().isEmpty()) {
                names.take(listener.getName(), spot.field("name"));
            }
            SocketAddress socket = listener.getAddress().getSocketAddress();
            if (socket.getPortValue() != 0) {
                addresses.take(
                        socket.getAddress() + " port " + socket.getPortValue(),
                        spot.field("address"));
            }
            if (closed) {
                routes(listener, clusters, spot);
            }
        }
    }

    private static void routes(Listener listener, Set<String> clusters, Spot at) {
        for (int i = 0; i < listener.getFilterChainsCount(); i++) {
            chain(listener.getFilterChains(i), clusters, at.field("filter_chains").index(i));
        }
        chain(listener.getDefaultFilterChain(), clusters, at.field("default_filter_chain"));
    }

    private static void chain(FilterChain chain, Set<String> clusters, Spot at) {
        for (int i = 0; i < chain.getFiltersCount(); i++) {
            Any config = chain.getFilters(i).getTypedConfig();
            Spot spot = at.field("filters").index(i).field("typed_config");
            routes(config, clusters, spot);
            carrier(config, clusters, spot);
        }
    }

    private static void carrier(Any config, Set<String> clusters, Spot at) {
        if (!config.is(TcpProxy.class)) {
            return;
        }
        try {
            TcpProxy tcp = config.unpack(TcpProxy.class);
            cluster(tcp.getCluster(), clusters, at.field("cluster"));
            Spot spot = at.field("weighted_clusters").field("clusters");
            for (int i = 0; i < tcp.getWeightedClusters().getClustersCount(); i++) {
                String name = tcp.getWeightedClusters().getClusters(i).getName();
                cluster(name, clusters, spot.index(i).field("name"));
            }
        } catch (InvalidProtocolBufferException malformed) {
            // the listener's parser has said so
        }
    }

    private static void routes(Any config, Set<String> clusters, Spot at) {
        if (!config.is(HttpConnectionManager.class)) {
            return;
        }
        try {
            HttpConnectionManager manager = config.unpack(HttpConnectionManager.class);
            collector(manager.getTracing().getProvider(), clusters, at.field("tracing"));
            for (int i = 0; i < manager.getHttpFiltersCount(); i++) {
                HttpFilter filter = manager.getHttpFilters(i);
                keys(filter.getTypedConfig(), clusters, at.field("http_filters").index(i));
            }
            routes(manager.getRouteConfig(), clusters, at.field("route_config"));
        } catch (InvalidProtocolBufferException malformed) {
            // the listener's parser has said so
        }
    }

    /** What gates need is there whatever is said of the clusters of routes. */
    private static void routes(RouteConfiguration routes, Set<String> clusters, Spot at) {
        boolean awaited = RouteConfigurationParser.awaitsClusters(routes);
        if (awaited) {
            mirrors(routes.getRequestMirrorPoliciesList(), clusters, at);
        }
        for (int i = 0; i < routes.getVirtualHostsCount(); i++) {
            VirtualHost host = routes.getVirtualHosts(i);
            Spot spot = at.field("virtual_hosts").index(i);
            if (awaited) {
                chosen(host, clusters, spot);
            }
            for (int j = 0; j < host.getRoutesCount(); j++) {
                gate(host.getRoutes(j), clusters, spot.field("routes").index(j));
            }
        }
    }

    private static void chosen(VirtualHost host, Set<String> clusters, Spot at) {
        mirrors(host.getRequestMirrorPoliciesList(), clusters, at);
        for (int i = 0; i < host.getRoutesCount(); i++) {
            if (host.getRoutes(i).hasRoute()) {
                Spot spot = at.field("routes").index(i).field("route");
                action(host.getRoutes(i).getRoute(), clusters, spot);
            }
        }
    }

    private static void keys(Any config, Set<String> clusters, Spot at)
            throws InvalidProtocolBufferException {
        if (!config.is(JwtAuthentication.class)) {
            return;
        }
        Spot spot = at.field("typed_config").field("providers");
        config.unpack(JwtAuthentication.class)
                .getProvidersMap()
                .forEach((name, provider) ->
                        cluster(
                                provider.getRemoteJwks().getHttpUri().getCluster(),
                                clusters,
                                spot.key(name)
                                        .field("remote_jwks")
                                        .field("http_uri")
                                        .field("cluster")));
    }

    private static void collector(Tracing.Http provider, Set<String> clusters, Spot at)
            throws InvalidProtocolBufferException {
        if (!provider.getTypedConfig().is(OpenTelemetryConfig.class)) {
            return;
        }
        OpenTelemetryConfig tracer = provider.getTypedConfig().unpack(OpenTelemetryConfig.class);
        Spot spot = at.field("provider").field("typed_config");
        cluster(
                tracer.getGrpcService().getEnvoyGrpc().getClusterName(),
                clusters,
                spot.field("grpc_service").field("envoy_grpc").field("cluster_name"));
        cluster(
                tracer.getHttpService().getHttpUri().getCluster(),
                clusters,
                spot.field("http_service").field("http_uri").field("cluster"));
    }

    private static void gate(Route route, Set<String> clusters, Spot at) {
        Spot unused = Spot.root(); // the route's parser reports what is wrong in the gate itself
        GateConfigs.route(route.getTypedPerFilterConfigMap(), "", unused)
                .filter(gate -> gate.served().isEmpty())
                .map(RouteGate::source)
                .ifPresent(source -> {
                    if (source instanceof RouteGate.Source.Inline(Gate gate)) {
                        Spot spot = at.field("typed_per_filter_config").key(GateConfigs.NAME);
                        cluster(gate.legacyCluster(), clusters, spot.field("legacy_cluster"));
                        cluster(gate.newCluster(), clusters, spot.field("new_cluster"));
                    }
                });
    }

    private static void mirrors(
            List<RouteAction.RequestMirrorPolicy> mirrors, Set<String> clusters, Spot at) {
        for (int i = 0; i < mirrors.size(); i++) {
            cluster(
                    mirrors.get(i).getCluster(),
                    clusters,
                    at.field("request_mirror_policies").index(i).field("cluster"));
        }
    }

    private static void action(RouteAction action, Set<String> clusters, Spot at) {
        mirrors(action.getRequestMirrorPoliciesList(), clusters, at);
        if (action.hasCluster()) {
            cluster(action.getCluster(), clusters, at.field("cluster"));
        }
        var weighted = action.getWeightedClusters().getClustersList();
        for (int i = 0; i < weighted.size(); i++) {
            cluster(
                    weighted.get(i).getName(),
                    clusters,
                    at.field("weighted_clusters").field("clusters").index(i).field("name"));
        }
    }

    private static void adsCluster(Bootstrap proto, Set<String> clusters, Spot root) {
        var services = proto.getDynamicResources().getAdsConfig().getGrpcServicesList();
        Spot at = root.field("dynamic_resources").field("ads_config").field("grpc_services");
        for (int i = 0; i < services.size(); i++) {
            cluster(
                    services.get(i).getEnvoyGrpc().getClusterName(),
                    clusters,
                    at.index(i).field("envoy_grpc").field("cluster_name"));
        }
    }

    private static void cluster(String name, Set<String> clusters, Spot at) {
        if (!name.isEmpty() && !clusters.contains(name)) {
            String listed = clusters.stream().sorted().limit(10).collect(Collectors.joining(", "));
            at.add(
                    "unknown cluster " + Problem.quote(name),
                    listed.isEmpty() ? "a cluster of static_resources" : "one of " + listed,
                    "add the cluster to static_resources.clusters, or correct the name");
        }
    }
}
