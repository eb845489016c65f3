package dev.sluice.control.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.sluice.contract.RouteName;
import dev.sluice.contract.gate.OperationClass;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.spec.RouteSpec;
import dev.sluice.gate.v1.RouteGate;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RouteRendererTest {
    @Test
    void routes_stand_by_priority_and_then_by_name_on_one_host_for_all_domains() {
        Shop shop = Shop.open(0).routeToVersion("b").routeToVersion("a").with(put("z", -1));

        RouteConfiguration config = config(shop, Shop.sluice());

        assertThat(config.getName()).isEqualTo(Shop.OUTBOUND);
        assertThat(config.getVirtualHosts(0).getDomainsList()).containsExactly("*");
        assertThat(routes(shop, Shop.sluice()))
                .extracting(Route::getName)
                .containsExactly("z", "a", "b", "read");
    }

    @Test
    void a_sluice_node_is_told_the_gate_and_the_operation_by_name()
            throws InvalidProtocolBufferException {
        Route route = routes(Shop.open(1_000_000), Shop.sluice()).getFirst();

        RouteGate gate =
                route.getTypedPerFilterConfigOrThrow("sluice.gate").unpack(RouteGate.class);
        assertThat(gate.getName()).isEqualTo("gates/orders");
        assertThat(gate.getOperation()).isEqualTo("read");
        assertThat(gate.getOperationClass()).isEqualTo(dev.sluice.gate.v1.OperationClass.READ);
        assertThat(route.getRoute().getCluster())
                .as("whatever the share, so that a change of it costs no route")
                .isEqualTo(Shop.V1);
    }

    @Test
    void every_call_says_whose_it_is_whatever_the_application_says() {
        assertThat(config(Shop.open(0), Shop.envoy()).getRequestHeadersToAddList())
                .singleElement()
                .satisfies(added -> {
                    assertThat(added.getHeader().getKey())
                            .isEqualTo("x-envoy-downstream-service-cluster");
                    assertThat(added.getHeader().getValue()).isEqualTo("web");
                    assertThat(added.getAppendAction())
                            .isEqualTo(HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD);
                });
    }

    @Test
    void a_route_to_a_version_knows_no_gate() {
        Shop shop = Shop.open(0).routeToVersion("a");

        Route route = routes(shop, Shop.sluice()).getFirst();

        assertThat(route.getRoute().getCluster()).isEqualTo(Shop.V1);
        assertThat(route.getTypedPerFilterConfigMap()).isEmpty();
    }

    @Test
    void a_route_to_a_gate_that_is_not_there_is_left_out() {
        Shop shop = Shop.open(0).with(new Event.GateDeleted(Shop.ORDERS));

        assertThat(routes(shop, Shop.sluice())).isEmpty();
        assertThat(routes(shop, Shop.envoy())).isEmpty();
    }

    @Test
    void methods_timeout_and_retries_are_the_routes_own_on_every_kind_of_node() {
        Shop shop = Shop.open(0).with(put("read", 0));

        for (NodeProfile profile : List.of(Shop.sluice(), Shop.envoy())) {
            Route route = routes(shop, profile).getFirst();
            assertThat(route.getMatch().getPrefix()).isEqualTo("/read");
            assertThat(route.getMatch().getHeaders(0).getName()).isEqualTo(":method");
            assertThat(route.getMatch().getHeaders(0).getStringMatch().getSafeRegex().getRegex())
                    .isEqualTo("GET|HEAD");
            assertThat(route.getRoute().getTimeout().getSeconds()).isEqualTo(3);
            var retry = route.getRoute().getRetryPolicy();
            assertThat(retry.getRetryOn()).isEqualTo("5xx,reset");
            assertThat(retry.getNumRetries().getValue()).isEqualTo(2);
            assertThat(retry.getPerTryTimeout().getSeconds()).isEqualTo(1);
        }
    }

    private static Event.RoutePut put(String id, int priority) {
        return new Event.RoutePut(
                new RouteSpec(
                        new RouteName(Fixtures.serviceName("orders"), id),
                        priority,
                        RouteMatch.newBuilder().setPrefix("/" + id).build(),
                        List.of("GET", "HEAD"),
                        new RouteSpec.Target.ToGate(Shop.ORDERS),
                        OperationClass.READ,
                        Duration.ofSeconds(3),
                        Optional.of(
                                new RouteSpec.Retry(
                                        List.of("5xx", "reset"),
                                        2,
                                        Optional.of(Duration.ofSeconds(1)))),
                        Map.of()));
    }

    private static List<Route> routes(Shop shop, NodeProfile profile) {
        return config(shop, profile).getVirtualHosts(0).getRoutesList();
    }

    private static RouteConfiguration config(Shop shop, NodeProfile profile) {
        return (RouteConfiguration)
                RouteRenderer.outbound(shop.catalog(), Fixtures.serviceName("orders"), profile)
                        .message();
    }
}
