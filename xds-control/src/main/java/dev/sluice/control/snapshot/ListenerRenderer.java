package dev.sluice.control.snapshot;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import dev.sluice.contract.ServiceName;
import dev.sluice.contract.VersionName;
import dev.sluice.contract.gate.GateFilter;
import dev.sluice.contract.gate.GateFilter.CarriedTrust;
import dev.sluice.contract.gate.GateFilter.Explain;
import dev.sluice.contract.gate.GateWriter;
import dev.sluice.control.change.spec.ListenAddress;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.change.spec.ServiceSpec;
import dev.sluice.control.change.spec.VersionSpec.Inbound;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.listener.v3.ApiListener;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import java.util.List;

/** Listeners of a node. Pure. */
final class ListenerRenderer {
    static final String GATE_FILTER = "sluice.gate";
    private static final String ROUTER = "envoy.filters.http.router";
    private static final String CONNECTION_MANAGER =
            "envoy.filters.network.http_connection_manager";

    /** A client that takes longer for the head of a request holds on to its connection. */
    private static final Duration HEADS = Duration.newBuilder().setSeconds(10).build();

    private ListenerRenderer() {}

    /**
     * Where calls to a service are taken, from the application beside the node or, at an edge, from
     * users. A gRPC client is the application: what it calls {@code xds:///outbound/{service}}.
     */
    static Versioned outbound(ServiceSpec service, NodeProfile profile) {
        String name = outboundName(service.name());
        HttpConnectionManager.Builder manager =
                manager(name)
                        .setRds(Rds.newBuilder().setRouteConfigName(name).setConfigSource(ads()));
        if (profile.kind() == NodeSpec.Kind.SLUICE) {
            manager.addHttpFilters(filter(GATE_FILTER, GateWriter.write(gateFilter(profile))));
        }
        manager.addHttpFilters(filter(ROUTER, Router.getDefaultInstance()));
        return Versioned.of(
                name,
                profile.kind() == NodeSpec.Kind.GRPC
                        ? api(name, manager.build())
                        : listener(
                                name, service.outbound().orElseThrow(), profile, manager.build()));
    }

    /** Of the listener and of its route configuration. */
    static String outboundName(ServiceName service) {
        return "outbound/" + service.id();
    }

    /** Where calls to the version beside the node are taken; gates are not decided here. */
    static Versioned inbound(VersionName version, Inbound inbound, NodeProfile profile) {
        String name = inboundName(version);
        HttpConnectionManager manager =
                manager(name)
                        .setRds(Rds.newBuilder().setRouteConfigName(name).setConfigSource(ads()))
                        .addHttpFilters(filter(ROUTER, Router.getDefaultInstance()))
                        .build();
        return Versioned.of(name, listener(name, inbound.listen(), profile, manager));
    }

    /** Of the listener and of its route configuration. */
    static String inboundName(VersionName version) {
        return "inbound/" + version.service().id();
    }

    /** An application may carry decisions on; what users say of decisions counts nowhere. */
    private static GateFilter gateFilter(NodeProfile profile) {
        return new GateFilter(
                profile.version().isPresent()
                        ? CarriedTrust.LOCAL_APPLICATION
                        : CarriedTrust.NOBODY,
                List.of(),
                Explain.ON_REQUEST);
    }

    private static HttpConnectionManager.Builder manager(String name) {
        return HttpConnectionManager.newBuilder()
                .setStatPrefix(name.replace('/', '_'))
                .setCodecType(HttpConnectionManager.CodecType.AUTO)
                .setRequestHeadersTimeout(HEADS);
    }

    private static HttpFilter filter(String name, Message config) {
        return HttpFilter.newBuilder().setName(name).setTypedConfig(Any.pack(config)).build();
    }

    private static Listener api(String name, HttpConnectionManager manager) {
        return Listener.newBuilder()
                .setName(name)
                .setApiListener(ApiListener.newBuilder().setApiListener(Any.pack(manager)))
                .build();
    }

    private static Listener listener(
            String name,
            ListenAddress address,
            NodeProfile profile,
            HttpConnectionManager manager) {
        String bind = profile.bindAddress().isEmpty() ? address.address() : profile.bindAddress();
        return Listener.newBuilder()
                .setName(name)
                .setAddress(address(bind, address.port()))
                .addFilterChains(
                        FilterChain.newBuilder()
                                .addFilters(
                                        Filter.newBuilder()
                                                .setName(CONNECTION_MANAGER)
                                                .setTypedConfig(Any.pack(manager))))
                .build();
    }

    static Address address(String address, int port) {
        return Address.newBuilder()
                .setSocketAddress(SocketAddress.newBuilder().setAddress(address).setPortValue(port))
                .build();
    }

    static ConfigSource ads() {
        return ConfigSource.newBuilder()
                .setAds(AggregatedConfigSource.getDefaultInstance())
                .setResourceApiVersion(ApiVersion.V3)
                .build();
    }
}
