package dev.sluice.proxy.admin.dump;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.sluice.proxy.resource.SentConfiguration;
import dev.sluice.proxy.resource.SentResource;
import dev.sluice.proxy.snapshot.ProxySnapshot;
import dev.sluice.proxy.snapshot.listener.ListenerSpec;
import io.envoyproxy.envoy.admin.v3.BootstrapConfigDump;
import io.envoyproxy.envoy.admin.v3.ClustersConfigDump;
import io.envoyproxy.envoy.admin.v3.ClustersConfigDump.DynamicCluster;
import io.envoyproxy.envoy.admin.v3.EndpointsConfigDump;
import io.envoyproxy.envoy.admin.v3.EndpointsConfigDump.DynamicEndpointConfig;
import io.envoyproxy.envoy.admin.v3.ListenersConfigDump;
import io.envoyproxy.envoy.admin.v3.ListenersConfigDump.DynamicListener;
import io.envoyproxy.envoy.admin.v3.ListenersConfigDump.DynamicListenerState;
import io.envoyproxy.envoy.admin.v3.RoutesConfigDump;
import io.envoyproxy.envoy.admin.v3.RoutesConfigDump.DynamicRouteConfig;
import io.envoyproxy.envoy.admin.v3.SecretsConfigDump;
import io.envoyproxy.envoy.admin.v3.SecretsConfigDump.DynamicSecret;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The configuration as it came, sorted as in Envoy's {@code ConfigDump}: what the bootstrap says is
 * static; what a management server sent is active once the snapshot in force has it, else warming.
 * What was refused stands beside what is held of the same name, or alone among what is warming.
 * Holds secrets until {@link Redaction}. Immutable.
 *
 * @param bootstrap what the proxy was started with
 * @param started since when the bootstrap is in force
 * @param sent by a management server
 * @param inForce what is served
 */
public record ConfigDump(
        Bootstrap bootstrap, Instant started, SentConfiguration sent, ProxySnapshot inForce) {
    /** Endpoints are asked for apart, for there are many. */
    public enum Endpoints {
        LEFT_OUT,
        INCLUDED
    }

    /** The parts, in Envoy's order. */
    public List<Message> parts(Endpoints endpoints) {
        List<Message> parts = new ArrayList<>();
        parts.add(
                BootstrapConfigDump.newBuilder()
                        .setBootstrap(bootstrap)
                        .setLastUpdated(Dumped.time(started))
                        .build());
        parts.add(clusters());
        if (endpoints == Endpoints.INCLUDED) {
            parts.add(endpoints());
        }
        parts.add(listeners());
        parts.add(routes());
        parts.add(secrets());
        return parts;
    }

    private Collection<Dumped> sent(Descriptor kind) {
        return Dumped.of(sent, kind);
    }

    private ClustersConfigDump clusters() {
        ClustersConfigDump.Builder dump =
                ClustersConfigDump.newBuilder()
                        .setVersionInfo(Dumped.version(sent, Cluster.getDescriptor()));
        bootstrap
                .getStaticResources()
                .getClustersList()
                .forEach(cluster ->
                        dump.addStaticClustersBuilder()
                                .setCluster(Any.pack(cluster))
                                .setLastUpdated(Dumped.time(started)));
        for (Dumped one : sent(Cluster.getDescriptor())) {
            DynamicCluster.Builder cluster = DynamicCluster.newBuilder();
            one.held()
                    .ifPresent(held ->
                            cluster.setVersionInfo(held.version())
                                    .setCluster(held.content())
                                    .setLastUpdated(Dumped.time(held.updated())));
            one.error().ifPresent(cluster::setErrorState);
            if (one.held().isPresent() && inForce.clusters().containsKey(one.name())) {
                dump.addDynamicActiveClusters(cluster);
            } else {
                dump.addDynamicWarmingClusters(cluster);
            }
        }
        return dump.build();
    }

    private EndpointsConfigDump endpoints() {
        EndpointsConfigDump.Builder dump = EndpointsConfigDump.newBuilder();
        bootstrap.getStaticResources().getClustersList().stream()
                .filter(Cluster::hasLoadAssignment)
                .forEach(cluster ->
                        dump.addStaticEndpointConfigsBuilder()
                                .setEndpointConfig(Any.pack(cluster.getLoadAssignment()))
                                .setLastUpdated(Dumped.time(started)));
        for (Dumped one : sent(ClusterLoadAssignment.getDescriptor())) {
            DynamicEndpointConfig.Builder endpoints = dump.addDynamicEndpointConfigsBuilder();
            one.held()
                    .ifPresent(held ->
                            endpoints
                                    .setVersionInfo(held.version())
                                    .setEndpointConfig(held.content())
                                    .setLastUpdated(Dumped.time(held.updated())));
            one.error().ifPresent(endpoints::setErrorState);
        }
        return dump.build();
    }

    private ListenersConfigDump listeners() {
        ListenersConfigDump.Builder dump =
                ListenersConfigDump.newBuilder()
                        .setVersionInfo(Dumped.version(sent, Listener.getDescriptor()));
        Set<String> active =
                inForce.listeners().stream().map(ListenerSpec::name).collect(Collectors.toSet());
        bootstrap
                .getStaticResources()
                .getListenersList()
                .forEach(listener ->
                        dump.addStaticListenersBuilder()
                                .setListener(Any.pack(listener))
                                .setLastUpdated(Dumped.time(started)));
        for (Dumped one : sent(Listener.getDescriptor())) {
            DynamicListener.Builder listener = dump.addDynamicListenersBuilder();
            listener.setName(one.name());
            one.held()
                    .map(ConfigDump::state)
                    .ifPresent(
                            active.contains(one.name())
                                    ? listener::setActiveState
                                    : listener::setWarmingState);
            one.error().ifPresent(listener::setErrorState);
        }
        return dump.build();
    }

    private static DynamicListenerState state(SentResource held) {
        return DynamicListenerState.newBuilder()
                .setVersionInfo(held.version())
                .setListener(held.content())
                .setLastUpdated(Dumped.time(held.updated()))
                .build();
    }

    private RoutesConfigDump routes() {
        RoutesConfigDump.Builder dump = RoutesConfigDump.newBuilder();
        bootstrap
                .getStaticResources()
                .getListenersList()
                .forEach(listener -> addInline(listener, started, dump));
        for (Dumped one : sent(Listener.getDescriptor())) {
            one.held()
                    .ifPresent(held ->
                            addInline(
                                    unpack(held.content(), Listener.class), held.updated(), dump));
        }
        for (Dumped one : sent(RouteConfiguration.getDescriptor())) {
            DynamicRouteConfig.Builder routes = dump.addDynamicRouteConfigsBuilder();
            one.held()
                    .ifPresent(held ->
                            routes.setVersionInfo(held.version())
                                    .setRouteConfig(held.content())
                                    .setLastUpdated(Dumped.time(held.updated())));
            one.error().ifPresent(routes::setErrorState);
        }
        return dump.build();
    }

    private static void addInline(
            Listener listener, Instant updated, RoutesConfigDump.Builder dump) {
        inlineRoutes(listener)
                .forEach(routes ->
                        dump.addStaticRouteConfigsBuilder()
                                .setRouteConfig(Any.pack(routes))
                                .setLastUpdated(Dumped.time(updated)));
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
                                .setSecret(Any.pack(secret))
                                .setLastUpdated(Dumped.time(started)));
        for (Dumped one : sent(Secret.getDescriptor())) {
            DynamicSecret.Builder secret = DynamicSecret.newBuilder().setName(one.name());
            one.held()
                    .ifPresent(held ->
                            secret.setVersionInfo(held.version())
                                    .setSecret(held.content())
                                    .setLastUpdated(Dumped.time(held.updated())));
            one.error().ifPresent(secret::setErrorState);
            if (one.held().isPresent() && inForce.secrets().containsKey(one.name())) {
                dump.addDynamicActiveSecrets(secret);
            } else {
                dump.addDynamicWarmingSecrets(secret);
            }
        }
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
