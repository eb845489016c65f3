package dev.sluice.proxy.admin;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.sluice.proxy.resource.SentResource;
import dev.sluice.proxy.snapshot.ProxySnapshot;
import dev.sluice.proxy.snapshot.listener.ListenerSpec;
import io.envoyproxy.envoy.admin.v3.BootstrapConfigDump;
import io.envoyproxy.envoy.admin.v3.ClustersConfigDump;
import io.envoyproxy.envoy.admin.v3.EndpointsConfigDump;
import io.envoyproxy.envoy.admin.v3.ListenersConfigDump;
import io.envoyproxy.envoy.admin.v3.ListenersConfigDump.DynamicListener;
import io.envoyproxy.envoy.admin.v3.ListenersConfigDump.DynamicListenerState;
import io.envoyproxy.envoy.admin.v3.RoutesConfigDump;
import io.envoyproxy.envoy.admin.v3.SecretsConfigDump;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The configuration as it came, sorted as in Envoy's {@code ConfigDump}: what the bootstrap says is
 * static; what a management server sent is active once the snapshot in force has it, else warming.
 * Holds secrets until {@link Redaction}. Immutable.
 */
record ConfigDump(Bootstrap bootstrap, List<SentResource> sent, ProxySnapshot inForce) {
    /** Endpoints are asked for apart, for there are many. */
    enum Endpoints {
        LEFT_OUT,
        INCLUDED
    }

    /** The parts, in Envoy's order. */
    List<Message> parts(Endpoints endpoints) {
        List<Message> parts = new ArrayList<>();
        parts.add(BootstrapConfigDump.newBuilder().setBootstrap(bootstrap).build());
        parts.add(clusters());
        if (endpoints == Endpoints.INCLUDED) {
            parts.add(endpoints());
        }
        parts.add(listeners());
        parts.add(routes());
        parts.add(secrets());
        return parts;
    }

    private void each(Class<? extends Message> type, Consumer<SentResource> action) {
        sent.stream().filter(one -> one.content().is(type)).forEach(action);
    }

    private ClustersConfigDump clusters() {
        ClustersConfigDump.Builder dump = ClustersConfigDump.newBuilder();
        bootstrap
                .getStaticResources()
                .getClustersList()
                .forEach(cluster -> dump.addStaticClustersBuilder().setCluster(Any.pack(cluster)));
        each(
                Cluster.class,
                one -> {
                    ClustersConfigDump.DynamicCluster cluster =
                            ClustersConfigDump.DynamicCluster.newBuilder()
                                    .setVersionInfo(one.version())
                                    .setCluster(one.content())
                                    .build();
                    if (inForce.clusters().containsKey(one.name())) {
                        dump.addDynamicActiveClusters(cluster);
                    } else {
                        dump.addDynamicWarmingClusters(cluster);
                    }
                });
        return dump.build();
    }

    private EndpointsConfigDump endpoints() {
        EndpointsConfigDump.Builder dump = EndpointsConfigDump.newBuilder();
        bootstrap.getStaticResources().getClustersList().stream()
                .filter(Cluster::hasLoadAssignment)
                .forEach(cluster ->
                        dump.addStaticEndpointConfigsBuilder()
                                .setEndpointConfig(Any.pack(cluster.getLoadAssignment())));
        each(
                ClusterLoadAssignment.class,
                one ->
                        dump.addDynamicEndpointConfigsBuilder()
                                .setVersionInfo(one.version())
                                .setEndpointConfig(one.content()));
        return dump.build();
    }

    private ListenersConfigDump listeners() {
        ListenersConfigDump.Builder dump = ListenersConfigDump.newBuilder();
        List<String> active = inForce.listeners().stream().map(ListenerSpec::name).toList();
        bootstrap
                .getStaticResources()
                .getListenersList()
                .forEach(listener ->
                        dump.addStaticListenersBuilder().setListener(Any.pack(listener)));
        each(
                Listener.class,
                one -> {
                    DynamicListenerState state =
                            DynamicListenerState.newBuilder()
                                    .setVersionInfo(one.version())
                                    .setListener(one.content())
                                    .build();
                    DynamicListener.Builder listener = dump.addDynamicListenersBuilder();
                    listener.setName(one.name());
                    if (active.contains(one.name())) {
                        listener.setActiveState(state);
                    } else {
                        listener.setWarmingState(state);
                    }
                });
        return dump.build();
    }

    private RoutesConfigDump routes() {
        RoutesConfigDump.Builder dump = RoutesConfigDump.newBuilder();
        Stream.concat(
                        bootstrap.getStaticResources().getListenersList().stream(),
                        sent.stream()
                                .filter(one -> one.content().is(Listener.class))
                                .map(one -> unpack(one.content(), Listener.class)))
                .flatMap(ConfigDump::inlineRoutes)
                .forEach(routes ->
                        dump.addStaticRouteConfigsBuilder().setRouteConfig(Any.pack(routes)));
        each(
                RouteConfiguration.class,
                one ->
                        dump.addDynamicRouteConfigsBuilder()
                                .setVersionInfo(one.version())
                                .setRouteConfig(one.content()));
        return dump.build();
    }

    private static Stream<RouteConfiguration> inlineRoutes(Listener listener) {
        Stream<FilterChain> chains =
                Stream.concat(
                        listener.getFilterChainsList().stream(),
                        listener.hasDefaultFilterChain()
                                ? Stream.of(listener.getDefaultFilterChain())
                                : Stream.empty());
        return chains.flatMap(chain -> chain.getFiltersList().stream())
                .map(Filter::getTypedConfig)
                .filter(config -> config.is(HttpConnectionManager.class))
                .map(config -> unpack(config, HttpConnectionManager.class))
                .filter(HttpConnectionManager::hasRouteConfig)
                .map(HttpConnectionManager::getRouteConfig);
    }

    private SecretsConfigDump secrets() {
        SecretsConfigDump.Builder dump = SecretsConfigDump.newBuilder();
        bootstrap
                .getStaticResources()
                .getSecretsList()
                .forEach(secret ->
                        dump.addStaticSecretsBuilder()
                                .setName(secret.getName())
                                .setSecret(Any.pack(secret)));
        each(
                Secret.class,
                one -> {
                    SecretsConfigDump.DynamicSecret secret =
                            SecretsConfigDump.DynamicSecret.newBuilder()
                                    .setName(one.name())
                                    .setVersionInfo(one.version())
                                    .setSecret(one.content())
                                    .build();
                    if (inForce.secrets().containsKey(one.name())) {
                        dump.addDynamicActiveSecrets(secret);
                    } else {
                        dump.addDynamicWarmingSecrets(secret);
                    }
                });
        return dump.build();
    }

    private static <M extends Message> M unpack(Any any, Class<M> type) {
        try {
            return any.unpack(type);
        } catch (InvalidProtocolBufferException accepted) {
            throw new IllegalStateException(accepted);
        }
    }
}
