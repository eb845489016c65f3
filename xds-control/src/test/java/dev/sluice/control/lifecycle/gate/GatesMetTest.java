package dev.sluice.control.lifecycle.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.change.spec.RouteSpec;
import dev.sluice.control.lifecycle.World;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class GatesMetTest {
    private static final GateName ORDERS = new GateName("orders");
    private static final GateName CUSTOMERS = new GateName("customers");

    private final World world = World.shop(0);

    @Test
    void a_node_meets_the_gates_of_the_routes_of_services_that_its_own_calls() {
        callers();

        assertThat(met().by(Fixtures.node("web-1", "web"))).isEqualTo(Set.of(ORDERS));
        assertThat(met().by(Fixtures.node("both-1", "both"))).isEqualTo(Set.of(ORDERS, CUSTOMERS));
        assertThat(met().by(Fixtures.node("orders-1", "orders"))).as("it calls nobody").isEmpty();
        assertThat(met().by(Fixtures.node("x-1", "unheard-of"))).isEmpty();
    }

    @Test
    void only_the_gates_asked_for_count() {
        callers();

        GatesMet met = GatesMet.of(world.catalog(), List.of(world.gate("customers")));

        assertThat(met.by(Fixtures.node("web-1", "web"))).isEmpty();
        assertThat(met.by(Fixtures.node("both-1", "both"))).isEqualTo(Set.of(CUSTOMERS));
    }

    @Test
    void a_node_of_a_service_that_is_not_known_may_meet_any() {
        NodeSpec node = Fixtures.node("web-1", "web");
        NodeSpec nameless =
                new NodeSpec(
                        node.name(),
                        node.cluster(),
                        Optional.empty(),
                        node.version(),
                        node.kind(),
                        node.userAgent(),
                        node.gateContractVersion(),
                        node.bindAddress());

        assertThat(met().by(nameless)).isEqualTo(Set.of(ORDERS, CUSTOMERS));
    }

    private GatesMet met() {
        return GatesMet.of(world.catalog(), world.catalog().gates());
    }

    private void callers() {
        for (String service : List.of("orders", "customers")) {
            world.accept(new Command.CreateRoute(Fixtures.routeToGate(service, "all", service)));
            world.accept(
                    new Command.CreateRoute(
                            Fixtures.route(
                                    service,
                                    "plain",
                                    new RouteSpec.Target.ToVersion(
                                            Fixtures.versionName(service, "v1")))));
        }
        world.accept(new Command.CreateService(Fixtures.service("web", 0, "orders")));
        world.accept(new Command.CreateService(Fixtures.service("both", 0, "orders", "customers")));
    }
}
