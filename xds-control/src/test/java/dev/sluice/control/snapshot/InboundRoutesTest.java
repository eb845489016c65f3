package dev.sluice.control.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.gate.v1.Arm;
import dev.sluice.gate.v1.OperationClass;
import dev.sluice.gate.v1.RouteGate;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InboundRoutesTest {
    private final Shop shop = Shop.open(0);

    @Test
    void routes_that_callers_take_through_a_gate_name_it_and_the_arm_of_the_version()
            throws InvalidProtocolBufferException {
        shop.routeToVersion("plain");

        List<Route> legacy = routes("v1", NodeSpec.Kind.SLUICE);

        assertThat(legacy).extracting(Route::getName).containsExactly("read", "");
        assertThat(gate(legacy.getFirst()))
                .returns("gates/orders", RouteGate::getName)
                .returns(Arm.LEGACY, RouteGate::getServedArm)
                .returns("read", RouteGate::getOperation)
                .returns(OperationClass.READ, RouteGate::getOperationClass);
        assertThat(gate(routes("v2", NodeSpec.Kind.SLUICE).getFirst()).getServedArm())
                .isEqualTo(Arm.NEW);
    }

    @Test
    void every_route_leads_to_the_application_and_leaves_the_time_to_the_caller() {
        assertThat(routes("v1", NodeSpec.Kind.SLUICE))
                .hasSize(2)
                .allSatisfy(route -> {
                    assertThat(route.getRoute().getCluster()).isEqualTo("inbound/" + Shop.V1);
                    assertThat(route.getRoute().hasTimeout()).isTrue();
                    assertThat(route.getRoute().getTimeout().getSeconds()).isZero();
                });
    }

    @Test
    void a_version_that_plays_no_arm_and_a_stock_proxy_have_the_one_route() {
        shop.with(new Event.VersionPut(Fixtures.version("orders", "v3")));

        assertThat(routes("v3", NodeSpec.Kind.SLUICE)).hasSize(1);
        assertThat(routes("v1", NodeSpec.Kind.ENVOY))
                .singleElement()
                .satisfies(route -> assertThat(route.getMatch().getPrefix()).isEqualTo("/"));
    }

    private List<Route> routes(String version, NodeSpec.Kind kind) {
        NodeProfile beside =
                new NodeProfile(
                        kind,
                        Optional.of(Fixtures.serviceName("orders")),
                        Optional.of(Fixtures.versionName("orders", version)),
                        "");
        var routes =
                (RouteConfiguration)
                        InboundRoutes.render(
                                        shop.catalog(),
                                        Fixtures.versionName("orders", version),
                                        beside)
                                .message();
        return routes.getVirtualHosts(0).getRoutesList();
    }

    private static RouteGate gate(Route route) throws InvalidProtocolBufferException {
        return Objects.requireNonNull(
                        route.getTypedPerFilterConfigMap().get(ListenerRenderer.GATE_FILTER))
                .unpack(RouteGate.class);
    }
}
