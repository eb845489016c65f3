package dev.sluice.control.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.spec.Endpoints;
import dev.sluice.control.change.spec.ListenAddress;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.change.spec.VersionSpec.Inbound;
import dev.sluice.gate.v1.GateFilter;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ListenerRendererTest {
    private static final Inbound INBOUND =
            new Inbound(
                    new ListenAddress("10.0.0.1", 8080),
                    new Endpoints.Endpoint("127.0.0.1", 9090, 1));

    @Test
    void calls_to_a_service_are_taken_at_its_outbound_address_with_routes_of_the_stream()
            throws InvalidProtocolBufferException {
        Listener listener = outbound(Shop.sluice());

        assertThat(listener.getName()).isEqualTo(Shop.OUTBOUND);
        assertThat(address(listener).getAddress()).isEqualTo("127.0.0.1");
        assertThat(address(listener).getPortValue()).isEqualTo(10_001);
        HttpConnectionManager manager = manager(listener);
        assertThat(manager.getStatPrefix()).isEqualTo("outbound_orders");
        assertThat(manager.getRds().getRouteConfigName()).isEqualTo(Shop.OUTBOUND);
        assertThat(manager.getRds().getConfigSource().hasAds()).isTrue();
    }

    @Test
    void only_a_sluice_node_decides_gates_and_the_router_is_last()
            throws InvalidProtocolBufferException {
        assertThat(manager(outbound(Shop.sluice())).getHttpFiltersList())
                .extracting(HttpFilter::getName)
                .containsExactly("sluice.gate", "envoy.filters.http.router");
        assertThat(manager(outbound(Shop.envoy())).getHttpFiltersList())
                .extracting(HttpFilter::getName)
                .containsExactly("envoy.filters.http.router");
    }

    @Test
    void what_an_application_carries_counts_and_what_users_say_at_an_edge_does_not()
            throws InvalidProtocolBufferException {
        GateFilter edge = gateFilter(profile(Optional.empty(), ""));
        GateFilter beside = gateFilter(profile(Optional.of("v1"), ""));

        assertThat(edge.getCarriedTrust()).isEqualTo(GateFilter.CarriedTrust.NOBODY);
        assertThat(beside.getCarriedTrust()).isEqualTo(GateFilter.CarriedTrust.LOCAL_APPLICATION);
        assertThat(edge.getExplain()).isEqualTo(GateFilter.Explain.ON_REQUEST);
    }

    @Test
    void nobody_may_take_longer_than_ten_seconds_for_a_head()
            throws InvalidProtocolBufferException {
        assertThat(manager(outbound(Shop.sluice())).getRequestHeadersTimeout().getSeconds())
                .isEqualTo(10);
        assertThat(manager(inbound(Shop.sluice())).getRequestHeadersTimeout().getSeconds())
                .isEqualTo(10);
    }

    @Test
    void a_node_with_an_address_of_its_own_binds_there() {
        NodeProfile bound = profile(Optional.empty(), "127.0.0.9");

        assertThat(address(outbound(bound)).getAddress()).isEqualTo("127.0.0.9");
        assertThat(address(inbound(bound)).getAddress()).isEqualTo("127.0.0.9");
        assertThat(address(outbound(bound)).getPortValue()).isEqualTo(10_001);
    }

    @Test
    void an_inbound_listener_decides_no_gate_and_takes_its_routes_from_the_stream()
            throws InvalidProtocolBufferException {
        Listener listener = inbound(Shop.sluice());

        HttpConnectionManager manager = manager(listener);
        assertThat(listener.getName()).isEqualTo("inbound/orders");
        assertThat(address(listener).getPortValue()).isEqualTo(8080);
        assertThat(manager.getHttpFiltersList())
                .extracting(HttpFilter::getName)
                .containsExactly("envoy.filters.http.router");
        assertThat(manager.getRds().getRouteConfigName()).isEqualTo("inbound/orders");
    }

    private static Listener outbound(NodeProfile profile) {
        return (Listener)
                ListenerRenderer.outbound(Fixtures.service("orders", 10_001), profile).message();
    }

    private static Listener inbound(NodeProfile profile) {
        return (Listener)
                ListenerRenderer.inbound(Fixtures.versionName("orders", "v1"), INBOUND, profile)
                        .message();
    }

    private static GateFilter gateFilter(NodeProfile profile)
            throws InvalidProtocolBufferException {
        return manager(outbound(profile))
                .getHttpFilters(0)
                .getTypedConfig()
                .unpack(GateFilter.class);
    }

    private static HttpConnectionManager manager(Listener listener)
            throws InvalidProtocolBufferException {
        return listener.getFilterChains(0)
                .getFilters(0)
                .getTypedConfig()
                .unpack(HttpConnectionManager.class);
    }

    private static SocketAddress address(Listener listener) {
        return listener.getAddress().getSocketAddress();
    }

    private static NodeProfile profile(Optional<String> version, String bind) {
        return new NodeProfile(
                NodeSpec.Kind.SLUICE,
                Optional.of(Fixtures.serviceName("web")),
                version.map(id -> Fixtures.versionName("web", id)),
                bind);
    }
}
