package dev.sluice.proxy.xds;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.RouteGate;
import dev.sluice.proxy.snapshot.RemoteKeySources;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.RouteSource;
import dev.sluice.proxy.snapshot.listener.ListenerSpec;
import dev.sluice.proxy.snapshot.listener.TcpProxySpec;
import dev.sluice.proxy.snapshot.listener.TcpProxySpec.Weighted;
import dev.sluice.proxy.snapshot.route.RouteActionSpec;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.ClusterChoice;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.WeightedClusterSpec;
import dev.sluice.proxy.snapshot.route.RouteConfigurationSpec;
import dev.sluice.proxy.snapshot.route.RouteSpec;
import dev.sluice.proxy.snapshot.tls.DownstreamTlsSpec;
import dev.sluice.proxy.snapshot.tls.TlsSpec;
import dev.sluice.proxy.snapshot.tls.UpstreamTlsSpec;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What resources name: gates, clusters and route configurations. Stateless. */
final class References {
    private References() {}

    /** Where the chains of a listener have their routes. */
    static Stream<RouteSource> sources(ListenerSpec listener) {
        return listener.allChains()
                .flatMap(chain ->
                        switch (chain.filter()) {
                            case HttpConnectionManagerSpec http -> Stream.of(http.routes());
                            case TcpProxySpec _ -> Stream.<RouteSource>empty();
                        });
    }

    /** Clusters that carry the bytes of a listener's connections, or its filters' keys. */
    static Set<String> carriers(ListenerSpec listener) {
        Stream<String> bytes =
                listener.allChains()
                        .flatMap(chain ->
                                switch (chain.filter()) {
                                    case HttpConnectionManagerSpec _ -> Stream.<Weighted>empty();
                                    case TcpProxySpec tcp -> tcp.clusters().stream();
                                })
                        .map(Weighted::cluster);
        Stream<String> keys =
                RemoteKeySources.of(listener).map(source -> source.target().cluster());
        return Stream.concat(bytes, keys).collect(Collectors.toCollection(TreeSet::new));
    }

    /** TLS of a listener's chains. */
    static Stream<TlsSpec> tls(ListenerSpec listener) {
        return listener.allChains()
                .flatMap(chain -> chain.tls().stream())
                .map(DownstreamTlsSpec::common);
    }

    /** TLS of a cluster. */
    static Stream<TlsSpec> tls(ClusterSpec cluster) {
        return cluster.transport().tls().stream().map(UpstreamTlsSpec::common);
    }

    /** Route configurations that a listener has by name. */
    static Set<String> routes(ListenerSpec listener) {
        return sources(listener)
                .flatMap(source ->
                        switch (source) {
                            case RouteSource.Rds(String name) -> Stream.of(name);
                            case RouteSource.Inline _ -> Stream.<String>empty();
                        })
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Route configurations that stand in a listener. */
    static List<RouteConfigurationSpec> inline(ListenerSpec listener) {
        return sources(listener)
                .flatMap(source ->
                        switch (source) {
                            case RouteSource.Rds _ -> Stream.<RouteConfigurationSpec>empty();
                            case RouteSource.Inline(RouteConfigurationSpec routes) ->
                                    Stream.of(routes);
                        })
                .toList();
    }

    /** Gates of the gate stream. */
    static Set<GateName> gates(RouteConfigurationSpec routes) {
        return named(gateSources(routes));
    }

    /** Those of them that choose clusters, which are then wanted too. */
    static Set<GateName> decidingGates(RouteConfigurationSpec routes) {
        return named(deciding(routes));
    }

    private static Set<GateName> named(Stream<RouteGate.Source> sources) {
        return sources.flatMap(source ->
                        switch (source) {
                            case RouteGate.Source.Named(GateName name) -> Stream.of(name);
                            case RouteGate.Source.Inline _ -> Stream.<GateName>empty();
                        })
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Clusters that routes and the gates inside them name; those of the gate stream are apart. */
    static Set<String> clusters(RouteConfigurationSpec routes) {
        Set<String> clusters = chosenClusters(routes);
        clusters.addAll(gatedClusters(routes));
        return clusters;
    }

    /** Clusters that routes name themselves. */
    static Set<String> chosenClusters(RouteConfigurationSpec routes) {
        return each(routes)
                .filter(route -> !isGated(route))
                .flatMap(References::chosen)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Clusters that the gates inside routes name. */
    static Set<String> gatedClusters(RouteConfigurationSpec routes) {
        return deciding(routes)
                .flatMap(source ->
                        switch (source) {
                            case RouteGate.Source.Named _ -> Stream.<String>empty();
                            case RouteGate.Source.Inline(Gate gate) -> clusters(gate);
                        })
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Clusters of both arms. */
    static Stream<String> clusters(Gate gate) {
        return Stream.of(gate.cluster(Arm.LEGACY), gate.cluster(Arm.NEW));
    }

    private static Stream<String> chosen(RouteSpec route) {
        return switch (route.action()) {
            case RouteActionSpec.Forward forward ->
                    switch (forward.cluster()) {
                        case ClusterChoice.Single(String cluster) -> Stream.of(cluster);
                        case ClusterChoice.ByHeader _ -> Stream.<String>empty();
                        case ClusterChoice.Weighted weighted ->
                                weighted.clusters().stream().map(WeightedClusterSpec::cluster);
                    };
            case RouteActionSpec.Redirect _, RouteActionSpec.DirectResponse _ ->
                    Stream.<String>empty();
        };
    }

    private static Stream<RouteGate.Source> gateSources(RouteConfigurationSpec routes) {
        return each(routes).flatMap(route -> route.gate().stream()).map(RouteGate::source);
    }

    /** Gates that choose the clusters of these routes. */
    private static Stream<RouteGate.Source> deciding(RouteConfigurationSpec routes) {
        return each(routes)
                .filter(References::isGated)
                .flatMap(route -> route.gate().stream())
                .map(RouteGate::source);
    }

    private static boolean isGated(RouteSpec route) {
        return route.gate().filter(gate -> gate.served().isEmpty()).isPresent();
    }

    private static Stream<RouteSpec> each(RouteConfigurationSpec routes) {
        return routes.virtualHosts().stream().flatMap(host -> host.routes().stream());
    }
}
