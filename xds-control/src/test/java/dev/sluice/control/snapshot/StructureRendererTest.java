package dev.sluice.control.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.change.Event;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.spec.Endpoints;
import dev.sluice.control.change.spec.ListenAddress;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.change.spec.ServiceSpec;
import dev.sluice.control.change.spec.VersionSpec;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class StructureRendererTest {
    @Test
    void a_caller_gets_a_listener_routes_and_clusters_of_each_service_it_calls() {
        Shop shop =
                Shop.open(0)
                        .with(new Event.ServicePut(Fixtures.service("other", 10_002)))
                        .with(new Event.VersionPut(Fixtures.version("other", "v1")));

        Structure structure = StructureRenderer.render(shop.catalog(), Shop.sluice());

        assertThat(names(structure, ResourceType.LISTENER)).containsExactly(Shop.OUTBOUND);
        assertThat(names(structure, ResourceType.ROUTE)).containsExactly(Shop.OUTBOUND);
        assertThat(names(structure, ResourceType.CLUSTER))
                .as("versions of services that it does not call are not its business")
                .containsExactly(Shop.V1, Shop.V2);
        assertThat(structure.seq()).isEqualTo(shop.catalog().seq());
    }

    @Test
    void what_did_not_change_is_shared_with_what_was_there_before() {
        Shop shop = Shop.open(0);
        Structure before = StructureRenderer.render(shop.catalog(), Shop.sluice());
        shop.with(new Event.NodeRegistered(Fixtures.node("web-1", "web")));

        Structure unaffected =
                StructureRenderer.next(before, Set.of(), shop.catalog(), Shop.sluice());
        Structure affected =
                StructureRenderer.next(
                        before, Set.of(NodeSpec.Kind.SLUICE), shop.catalog(), Shop.sluice());

        for (Structure next : List.of(unaffected, affected)) {
            assertThat(next.seq()).isEqualTo(shop.catalog().seq());
            for (ResourceType type : ResourceType.values()) {
                assertThat(next.of(type)).isSameAs(before.of(type));
            }
        }
        shop.routeToVersion("other");
        assertThat(
                        names(
                                StructureRenderer.next(
                                        before,
                                        Affected.by(Shop.open(0).catalog(), shop.catalog()),
                                        shop.catalog(),
                                        Shop.sluice()),
                                ResourceType.ROUTE))
                .containsExactly(Shop.OUTBOUND);
    }

    @Test
    void a_node_of_an_unknown_service_gets_nothing() {
        NodeProfile stranger =
                new NodeProfile(
                        NodeSpec.Kind.ENVOY,
                        Optional.of(Fixtures.serviceName("stranger")),
                        Optional.empty(),
                        "");
        NodeProfile nameless =
                new NodeProfile(NodeSpec.Kind.ENVOY, Optional.empty(), Optional.empty(), "");

        for (NodeProfile profile : List.of(stranger, nameless)) {
            Structure structure = StructureRenderer.render(Shop.open(0).catalog(), profile);
            assertThat(Structures.sameContent(structure, Structure.EMPTY))
                    .as("%s", profile)
                    .isTrue();
        }
    }

    @Test
    void a_called_service_that_is_unknown_or_has_no_listener_gives_nothing() {
        Shop shop =
                new Shop()
                        .with(new Event.ServicePut(Fixtures.service("orders")))
                        .with(
                                new Event.ServicePut(
                                        new ServiceSpec(
                                                Fixtures.serviceName("web"),
                                                dev.sluice.control.change.spec.Description.NONE,
                                                Optional.empty(),
                                                List.of(
                                                        Fixtures.serviceName("orders"),
                                                        Fixtures.serviceName("gone")))))
                        .with(new Event.VersionPut(Fixtures.version("orders", "v1")));

        Structure structure = StructureRenderer.render(shop.catalog(), Shop.sluice());

        assertThat(Structures.sameContent(structure, Structure.EMPTY)).isTrue();
    }

    @Test
    void a_version_with_an_inbound_gets_its_listener_and_the_cluster_of_its_application() {
        var inbound =
                new VersionSpec.Inbound(
                        new ListenAddress("10.0.0.1", 8080),
                        new Endpoints.Endpoint("127.0.0.1", 9090, 1));
        Shop shop =
                Shop.open(0)
                        .with(
                                new Event.VersionPut(
                                        Fixtures.version("orders", "v1", Optional.of(inbound))));
        NodeProfile beside = beside("v1");

        Structure structure = StructureRenderer.render(shop.catalog(), beside);

        assertThat(names(structure, ResourceType.LISTENER)).containsExactly("inbound/orders");
        assertThat(names(structure, ResourceType.ROUTE)).containsExactly("inbound/orders");
        assertThat(names(structure, ResourceType.CLUSTER)).containsExactly("inbound/" + Shop.V1);
        assertThat(
                        names(
                                StructureRenderer.render(shop.catalog(), beside("v2")),
                                ResourceType.LISTENER))
                .as("v2 has no inbound")
                .isEmpty();
        assertThat(
                        names(
                                StructureRenderer.render(shop.catalog(), beside("v3")),
                                ResourceType.LISTENER))
                .as("v3 is unknown")
                .isEmpty();
    }

    @Test
    void addresses_that_change_often_are_pushed_alone() {
        List<Endpoints.Endpoint> addresses =
                List.of(
                        new Endpoints.Endpoint("10.0.0.1", 80, 1),
                        new Endpoints.Endpoint("10.0.0.2", 80, 3));
        Shop shop = Shop.open(0).with(new Event.VersionPut(eds(addresses)));
        Structure before = StructureRenderer.render(shop.catalog(), Shop.sluice());

        shop.with(new Event.VersionPut(eds(addresses.subList(0, 1))));
        Structure after = StructureRenderer.render(shop.catalog(), Shop.sluice());

        assertThat(names(before, ResourceType.ENDPOINT)).containsExactly(Shop.V2);
        var load =
                (ClusterLoadAssignment)
                        Objects.requireNonNull(
                                        before.of(ResourceType.ENDPOINT).byName().get(Shop.V2))
                                .message();
        assertThat(load.getEndpoints(0).getLbEndpointsList())
                .extracting(endpoint -> endpoint.getLoadBalancingWeight().getValue())
                .containsExactly(1, 3);
        assertThat(after.of(ResourceType.ENDPOINT).hash())
                .isNotEqualTo(before.of(ResourceType.ENDPOINT).hash());
        assertThat(after.of(ResourceType.CLUSTER)).isEqualTo(before.of(ResourceType.CLUSTER));
    }

    @Test
    void a_share_changes_no_structure_of_a_sluice_node_and_routes_alone_of_a_stock_one() {
        Shop shop = Shop.open(250_000);
        Structure sluice = StructureRenderer.render(shop.catalog(), Shop.sluice());
        Structure envoy = StructureRenderer.render(shop.catalog(), Shop.envoy());

        shop.gate(gate -> gate.setSharePpm(500_000));

        assertThat(
                        Structures.sameContent(
                                StructureRenderer.render(shop.catalog(), Shop.sluice()), sluice))
                .isTrue();
        Structure later = StructureRenderer.render(shop.catalog(), Shop.envoy());
        for (ResourceType type : ResourceType.values()) {
            assertThat(later.of(type).equals(envoy.of(type)))
                    .as("%s", type)
                    .isEqualTo(type != ResourceType.ROUTE);
        }
    }

    @Test
    void what_the_callers_of_a_service_had_once_is_known() {
        Shop shop = Shop.open(0);
        shop.with(new Event.VersionPut(eds(List.of(new Endpoints.Endpoint("127.0.0.1", 1, 1)))))
                .with(new Event.VersionPut(Fixtures.version("web", "v1")))
                .with(new Event.VersionDeleted(Fixtures.versionName("orders", "v2")));
        long deleted = shop.catalog().seq();

        assertThat(StructureRenderer.render(shop.catalog(), Shop.envoy()).former())
                .extracting(gone -> gone.seq() + " " + gone.type() + " " + gone.resource().name())
                .containsExactly(deleted + " CLUSTER " + Shop.V2, deleted + " ENDPOINT " + Shop.V2);
        assertThat(StructureRenderer.render(shop.catalog(), beside("v1")).former())
                .as("orders does not call itself")
                .isEmpty();
    }

    @Test
    void who_no_longer_calls_a_service_had_its_versions_once() {
        Shop calls = Shop.open(0).with(new Event.ServicePut(Fixtures.service("web", 0)));
        Shop hidden = Shop.open(0).with(new Event.ServicePut(Fixtures.service("orders", 0)));
        Shop same = Shop.open(0).with(new Event.ServicePut(Fixtures.service("orders", 10_009)));

        assertThat(formerNames(calls)).containsExactly(Shop.V1, Shop.V2);
        assertThat(formerNames(hidden)).containsExactly(Shop.V1, Shop.V2);
        assertThat(formerNames(same)).isEmpty();
        calls.with(new Event.ServicePut(Fixtures.service("other", 0, "orders")))
                .with(new Event.VersionDeleted(Fixtures.versionName("orders", "v1")));
        assertThat(formerNames(calls)).as("still").containsExactly(Shop.V1, Shop.V2);
    }

    private static List<String> formerNames(Shop shop) {
        return StructureRenderer.render(shop.catalog(), Shop.envoy()).former().stream()
                .map(gone -> gone.resource().name())
                .toList();
    }

    private static VersionSpec eds(List<Endpoints.Endpoint> addresses) {
        return new VersionSpec(
                Fixtures.versionName("orders", "v2"),
                Map.of(),
                new Endpoints.Eds(addresses),
                VersionSpec.Protocol.HTTP1,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(1),
                Optional.empty());
    }

    private static NodeProfile beside(String version) {
        return new NodeProfile(
                NodeSpec.Kind.SLUICE,
                Optional.of(Fixtures.serviceName("orders")),
                Optional.of(Fixtures.versionName("orders", version)),
                "");
    }

    private static Set<String> names(Structure structure, ResourceType type) {
        return structure.of(type).byName().keySet();
    }
}
