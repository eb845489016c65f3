package dev.sluice.control.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.sluice.contract.MigrationName;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.spec.MigrationProfile;
import dev.sluice.control.change.spec.MigrationProfile.DeprecationWindow;
import dev.sluice.control.change.spec.MigrationSpec;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.change.spec.Phase;
import dev.sluice.control.change.spec.Phase.Progress;
import dev.sluice.gate.v1.Arm;
import dev.sluice.gate.v1.OperationClass;
import dev.sluice.gate.v1.RouteGate;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.time.Instant;
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
    void a_version_that_plays_no_arm_has_the_one_route_and_a_stock_proxy_hears_of_no_gate() {
        shop.with(new Event.VersionPut(Fixtures.version("orders", "v3")));

        assertThat(routes("v3", NodeSpec.Kind.SLUICE)).hasSize(1);
        assertThat(routes("v1", NodeSpec.Kind.ENVOY))
                .hasSize(2)
                .allSatisfy(route -> assertThat(route.getTypedPerFilterConfigMap()).isEmpty());
    }

    @Test
    void callers_of_legacy_are_told_its_end_once_the_migration_has_begun() {
        shop.with(new Event.MigrationPut(announced("https://shop.example/a%20b")));
        assertThat(headers("v1", NodeSpec.Kind.SLUICE)).as("a plan only").isEmpty();

        shop.with(moved(Progress.MOVING));

        assertThat(headers("v1", NodeSpec.Kind.SLUICE))
                .containsExactly(
                        "deprecation: @1767225600",
                        "sunset: Sun, 01 Feb 2026 09:05:00 GMT",
                        "link: <https://shop.example/a%%20b>; rel=\"deprecation\","
                                + " <https://shop.example/a%%20b>; rel=\"sunset\"")
                .isEqualTo(headers("v1", NodeSpec.Kind.ENVOY));
        assertThat(headers("v2", NodeSpec.Kind.SLUICE)).as("NEW").isEmpty();
    }

    @Test
    void without_a_window_or_for_another_gate_nothing_is_told() {
        shop.with(
                        new Event.MigrationPut(
                                Fixtures.migration("m", "orders", StoreKind.SHARED, List.of())))
                .with(moved(Progress.RESTING));
        assertThat(headers("v1", NodeSpec.Kind.SLUICE)).isEmpty();

        Shop other =
                Shop.open(0)
                        .with(new Event.MigrationPut(announced("orders-2", "https://shop.example")))
                        .with(moved(Progress.RESTING));
        assertThat(headers(other, "v1", NodeSpec.Kind.SLUICE)).isEmpty();
    }

    private static MigrationSpec announced(String link) {
        return announced("orders", link);
    }

    private static MigrationSpec announced(String gate, String link) {
        MigrationProfile nothing = MigrationProfile.EMPTY;
        return Fixtures.with(
                Fixtures.migration("m", gate, StoreKind.SHARED, List.of()),
                MigrationSpec.Risk.HIGH,
                new MigrationProfile(
                        nothing.scope(),
                        nothing.people(),
                        nothing.impact(),
                        nothing.goals(),
                        Optional.of(
                                new DeprecationWindow(
                                        Instant.parse("2026-01-01T00:00:00Z"),
                                        Instant.parse("2026-02-01T09:05:00Z"),
                                        Optional.of(link)))));
    }

    private static Event moved(Progress progress) {
        return new Event.MigrationMoved(
                new MigrationName("m"), Phase.EXPAND, progress, Optional.empty(), "");
    }

    private List<String> headers(String version, NodeSpec.Kind kind) {
        return headers(shop, version, kind);
    }

    private static List<String> headers(Shop shop, String version, NodeSpec.Kind kind) {
        return routes(shop, version, kind).getFirst().getResponseHeadersToAddList().stream()
                .map(added -> added.getHeader().getKey() + ": " + added.getHeader().getValue())
                .toList();
    }

    private List<Route> routes(String version, NodeSpec.Kind kind) {
        return routes(shop, version, kind);
    }

    private static List<Route> routes(Shop shop, String version, NodeSpec.Kind kind) {
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
