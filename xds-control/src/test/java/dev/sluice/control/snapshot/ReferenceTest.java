package dev.sluice.control.snapshot;

import static dev.sluice.control.snapshot.ResourceType.CLUSTER;
import static dev.sluice.control.snapshot.ResourceType.ENDPOINT;
import static dev.sluice.control.snapshot.ResourceType.LISTENER;
import static dev.sluice.control.snapshot.ResourceType.ROUTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.StringValue;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.spec.Endpoints;
import dev.sluice.control.change.spec.ListenAddress;
import dev.sluice.control.change.spec.VersionSpec;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ReferenceTest {
    @Test
    void a_route_table_names_the_clusters_that_get_traffic() {
        Shop shop = Shop.open(250_000);

        assertThat(named(shop, ROUTE, Shop.OUTBOUND))
                .containsExactlyInAnyOrder(
                        new Reference(CLUSTER, Shop.V1), new Reference(CLUSTER, Shop.V2));
        shop.gate(gate -> gate.setSharePpm(0));
        assertThat(named(shop, ROUTE, Shop.OUTBOUND))
                .as("back at 0 it needs nothing but the arm it goes back to")
                .containsExactly(new Reference(CLUSTER, Shop.V1));
    }

    @Test
    void a_listener_names_its_route_table() {
        assertThat(named(Shop.open(0), LISTENER, Shop.OUTBOUND))
                .containsExactly(new Reference(ROUTE, Shop.OUTBOUND));
    }

    @Test
    void an_inbound_listener_names_its_routes() {
        Versioned listener =
                ListenerRenderer.inbound(
                        Fixtures.versionName("orders", "v1"),
                        new VersionSpec.Inbound(
                                new ListenAddress("127.0.0.1", 10_002),
                                new Endpoints.Endpoint("127.0.0.1", 8_080, 1)),
                        Shop.sluice());

        assertThat(listener.references()).containsExactly(new Reference(ROUTE, "inbound/orders"));
    }

    @Test
    void a_cluster_names_its_endpoints_only_when_they_come_apart() {
        assertThat(named(Shop.open(0), CLUSTER, Shop.V1)).isEmpty();
        Cluster.Builder cluster =
                Cluster.newBuilder().setName("a").setType(Cluster.DiscoveryType.EDS);
        assertThat(Reference.of(cluster.build())).containsExactly(new Reference(ENDPOINT, "a"));
        cluster.getEdsClusterConfigBuilder().setServiceName("b");
        assertThat(Reference.of(cluster.build())).containsExactly(new Reference(ENDPOINT, "b"));
    }

    @Test
    void endpoints_gates_and_filters_of_other_kinds_name_nothing() {
        assertThat(Versioned.of("a", ClusterLoadAssignment.getDefaultInstance()).references())
                .isEmpty();
        assertThat(Reference.of(StringValue.of("a gate"))).isEmpty();
        assertThat(Reference.of(listener(Any.pack(TcpProxy.getDefaultInstance())))).isEmpty();
    }

    @Test
    void what_we_did_not_pack_is_a_bug() {
        Any torn =
                Any.pack(HttpConnectionManager.getDefaultInstance()).toBuilder()
                        .setValue(ByteString.copyFromUtf8("torn"))
                        .build();

        assertThatThrownBy(() -> Reference.of(listener(torn)))
                .isInstanceOf(IllegalStateException.class);
    }

    private static Listener listener(Any filter) {
        return Listener.newBuilder()
                .addFilterChains(
                        FilterChain.newBuilder()
                                .addFilters(Filter.newBuilder().setTypedConfig(filter)))
                .build();
    }

    private static Set<Reference> named(Shop shop, ResourceType type, String name) {
        Map<String, Versioned> all =
                StructureRenderer.render(shop.catalog(), Shop.envoy()).of(type).byName();
        return Objects.requireNonNull(all.get(name)).references();
    }
}
