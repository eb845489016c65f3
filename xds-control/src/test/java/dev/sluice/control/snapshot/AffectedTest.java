package dev.sluice.control.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.gate.StoreKind;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Event.GatesRevised.Action;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.spec.NodeSpec.Kind;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

final class AffectedTest {
    private static final Kind[] ALL = Kind.values();
    private static final Set<Kind> STOCK = Set.of(Kind.ENVOY, Kind.GRPC);

    private final Shop shop = Shop.open(0);

    @Test
    void a_node_that_comes_affects_nobody() {
        assertThat(by(new Event.NodeRegistered(Fixtures.node("web-1", "web")))).isEmpty();
        assertThat(Affected.by(shop.catalog(), shop.catalog())).isEmpty();
    }

    @Test
    void a_share_is_in_the_routes_of_stock_proxies_only() {
        Catalog before = shop.catalog();

        shop.gate(gate -> gate.setSharePpm(7));

        assertThat(Affected.by(before, shop.catalog())).isEqualTo(STOCK);
    }

    @Test
    void a_gate_that_comes_or_goes_affects_all() {
        assertThat(by(new Event.GatesRevised(Action.CREATED, List.of(Shop.young("another")))))
                .as("before the others")
                .containsExactlyInAnyOrder(ALL);
        assertThat(by(new Event.GatesRevised(Action.CREATED, List.of(Shop.young("zebra")))))
                .as("after the others")
                .containsExactlyInAnyOrder(ALL);
        assertThat(by(new Event.GateDeleted(Shop.ORDERS))).containsExactlyInAnyOrder(ALL);
    }

    @Test
    void a_gate_between_other_versions_affects_all() {
        Catalog before = shop.catalog();

        shop.gate(gate -> gate.setNewCluster("services/orders/versions/v3"));

        assertThat(Affected.by(before, shop.catalog())).containsExactlyInAnyOrder(ALL);
    }

    @Test
    void services_versions_routes_gate_sets_and_migrations_affect_all() {
        List<Function<Shop, Event>> events =
                List.of(
                        _ -> new Event.ServicePut(Fixtures.service("other", 10_002)),
                        _ -> new Event.VersionPut(Fixtures.version("orders", "v3")),
                        _ -> new Event.VersionDeleted(Fixtures.versionName("orders", "v3")),
                        _ -> new Event.RoutePut(Fixtures.routeToGate("orders", "a", "orders")),
                        _ -> new Event.GateSetPut(Fixtures.set("all", "orders")),
                        _ ->
                                new Event.MigrationPut(
                                        Fixtures.migration(
                                                "m", "orders", StoreKind.SHARED, List.of("t"))));
        for (Function<Shop, Event> event : events) {
            Event next = event.apply(shop);
            assertThat(by(next)).as("%s", next).containsExactlyInAnyOrder(ALL);
        }
    }

    private Set<Kind> by(Event event) {
        Catalog before = shop.catalog();
        return Affected.by(before, shop.with(event).catalog());
    }
}
