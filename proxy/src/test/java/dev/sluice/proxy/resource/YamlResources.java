package dev.sluice.proxy.resource;

import com.google.protobuf.Message;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.document.DocumentReader;
import dev.sluice.proxy.resource.read.Extensions;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec;
import dev.sluice.proxy.snapshot.listener.ListenerSpec;
import dev.sluice.proxy.snapshot.route.RouteActionSpec;
import dev.sluice.proxy.snapshot.route.RouteSpec;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;

/** Resources of tests, written in YAML, and what the parsers make of them. Stateless. */
public final class YamlResources {
    public static final String ROUTER =
            "{name: router, typed_config: {'@type': t/envoy.extensions.filters.http.router.v3.Router}}";

    public static final String ADDRESS =
            "address: {socket_address: {address: 127.0.0.1, port_value: 80}}";

    public static final String TCP =
            "{filters: [{name: tcp, typed_config: {'@type':"
                    + " t/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, cluster: a}}]}";

    private YamlResources() {}

    public static <M extends Message> M proto(String yaml, M prototype) {
        return new DocumentReader(Extensions.TYPES).read(yaml, "f", prototype).orThrow().message();
    }

    public static Listener listener(String manager) {
        return proto(
                "{name: l, %s, filter_chains: [{filters: [{name: http, typed_config: {'@type': t/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager, %s}}]}]}"
                        .formatted(ADDRESS, manager),
                Listener.getDefaultInstance());
    }

    public static HttpConnectionManagerSpec manager(String manager) {
        ListenerSpec spec = ResourceParsers.listener(listener(manager)).orThrow().spec();
        return (HttpConnectionManagerSpec) spec.chains().getFirst().filter();
    }

    public static RouteConfiguration routes(String route) {
        return proto(
                "{name: r, virtual_hosts: [{name: v, domains: ['*'], routes: [" + route + "]}]}",
                RouteConfiguration.getDefaultInstance());
    }

    public static RouteSpec route(String route) {
        return ResourceParsers.routes(routes(route))
                .orThrow()
                .spec()
                .virtualHosts()
                .getFirst()
                .routes()
                .getFirst();
    }

    public static RouteActionSpec.Forward forward(String action) {
        return (RouteActionSpec.Forward)
                route("{match: {prefix: /}, route: {" + action + "}}").action();
    }

    public static Parsed<Resource<ClusterSpec>> clusterOf(String cluster) {
        return ResourceParsers.cluster(proto(cluster, Cluster.getDefaultInstance()));
    }

    public static ClusterSpec cluster(String cluster) {
        return clusterOf(cluster).orThrow().spec();
    }
}
