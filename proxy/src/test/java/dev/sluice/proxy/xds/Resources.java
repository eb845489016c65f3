package dev.sluice.proxy.xds;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.sluice.gate.v1.RouteGate;
import dev.sluice.proxy.resource.BootstrapSpec;
import dev.sluice.proxy.snapshot.cluster.SourceSpec;
import dev.sluice.proxy.snapshot.overload.OverloadSpec;
import dev.sluice.proxy.snapshot.runtime.RuntimeSpec;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import io.envoyproxy.envoy.service.runtime.v3.Runtime;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Resources as a management server sends them, for tests. */
final class Resources {
    static final BootstrapSpec BOOTSTRAP =
            new BootstrapSpec(
                    new BootstrapSpec.Node(
                            "n",
                            "c",
                            Struct.getDefaultInstance(),
                            new BootstrapSpec.Locality("r", "z", "s")),
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    Map.of(),
                    Optional.empty(),
                    OverloadSpec.NONE,
                    RuntimeSpec.NONE,
                    SourceSpec.ANY,
                    List.of(),
                    Bootstrap.getDefaultInstance());

    private static final ConfigSource ADS =
            ConfigSource.newBuilder()
                    .setResourceApiVersion(ApiVersion.V3)
                    .setAds(AggregatedConfigSource.getDefaultInstance())
                    .build();

    private Resources() {}

    private static Received received(String name, Message content) {
        return new Received(name, "1", Any.pack(content));
    }

    static Received cluster(String name) {
        return received(
                name,
                Cluster.newBuilder()
                        .setName(name)
                        .setType(Cluster.DiscoveryType.EDS)
                        .setConnectTimeout(Duration.newBuilder().setSeconds(1))
                        .setEdsClusterConfig(
                                Cluster.EdsClusterConfig.newBuilder().setEdsConfig(ADS))
                        .build());
    }

    /** As {@link #cluster}, with another content. */
    static Received slowCluster(String name) {
        return received(
                name,
                Cluster.newBuilder()
                        .setName(name)
                        .setType(Cluster.DiscoveryType.EDS)
                        .setConnectTimeout(Duration.newBuilder().setSeconds(2))
                        .setEdsClusterConfig(
                                Cluster.EdsClusterConfig.newBuilder().setEdsConfig(ADS))
                        .build());
    }

    static Received wrongCluster(String name) {
        return received(
                name,
                Cluster.newBuilder()
                        .setName(name)
                        .setConnectTimeout(Duration.newBuilder().setSeconds(-1))
                        .build());
    }

    static Received endpoints(String name, int port) {
        LbEndpoint endpoint =
                LbEndpoint.newBuilder()
                        .setEndpoint(Endpoint.newBuilder().setAddress(address(port)))
                        .build();
        return received(
                name,
                ClusterLoadAssignment.newBuilder()
                        .setClusterName(name)
                        .addEndpoints(LocalityLbEndpoints.newBuilder().addLbEndpoints(endpoint))
                        .build());
    }

    static Received listener(String name, String routes) {
        HttpConnectionManager http =
                HttpConnectionManager.newBuilder()
                        .setStatPrefix(name)
                        .setRds(Rds.newBuilder().setRouteConfigName(routes).setConfigSource(ADS))
                        .addHttpFilters(
                                HttpFilter.newBuilder()
                                        .setName("router")
                                        .setTypedConfig(Any.pack(Router.getDefaultInstance())))
                        .build();
        Filter filter = Filter.newBuilder().setName("http").setTypedConfig(Any.pack(http)).build();
        return received(
                name,
                Listener.newBuilder()
                        .setName(name)
                        .setAddress(address(80))
                        .addFilterChains(FilterChain.newBuilder().addFilters(filter))
                        .build());
    }

    private static Address address(int port) {
        return Address.newBuilder()
                .setSocketAddress(
                        SocketAddress.newBuilder().setAddress("127.0.0.1").setPortValue(port))
                .build();
    }

    static Received routes(String name, String cluster) {
        return routes(name, route(cluster));
    }

    /** Routes that refuse requests to clusters that nobody has configured. */
    static Received looseRoutes(String name, String cluster) {
        return received(
                name,
                configuration(name, route(cluster))
                        .setValidateClusters(BoolValue.of(false))
                        .build());
    }

    static Received gatedRoutes(String name, String gate) {
        return routes(
                name,
                route("unused")
                        .putTypedPerFilterConfig(
                                "sluice.gate",
                                Any.pack(RouteGate.newBuilder().setName(gate).build())));
    }

    private static Route.Builder route(String cluster) {
        return Route.newBuilder()
                .setName("all")
                .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                .setRoute(RouteAction.newBuilder().setCluster(cluster));
    }

    private static Received routes(String name, Route.Builder route) {
        return received(name, configuration(name, route).build());
    }

    private static RouteConfiguration.Builder configuration(String name, Route.Builder route) {
        return RouteConfiguration.newBuilder()
                .setName(name)
                .addVirtualHosts(
                        VirtualHost.newBuilder().setName("all").addDomains("*").addRoutes(route));
    }

    static Received runtime(String name) {
        return received(
                name,
                Runtime.newBuilder()
                        .setName(name)
                        .setLayer(
                                Struct.newBuilder()
                                        .putFields(
                                                "k", Value.newBuilder().setNumberValue(1).build()))
                        .build());
    }
}
