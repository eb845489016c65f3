package dev.sluice.control.lifecycle.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Gate;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Command.BackMoves;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Event.GatesRevised;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.GateSetSpec;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.lifecycle.World;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Gates that move together. */
class GateSetRulesTest {
    private final World world = World.shop(250_000);

    @Test
    void a_set_takes_gates_that_are_alike_and_free() {
        world.accept(new Command.CreateGate(Fixtures.gate("odd", "orders", 10, "other")));
        world.accept(new Command.Kill(Fixtures.gateTarget("odd")));
        assertThat(world.paths(new Command.CreateGateSet(Fixtures.set("s"))))
                .containsExactly("gates");
        assertThat(
                        world.paths(
                                new Command.CreateGateSet(
                                        Fixtures.set("s", "orders", "orders", "none"))))
                .containsExactly("gates[1]", "gates[2]");
        assertThat(world.got(new Command.CreateGateSet(Fixtures.set("s", "orders", "odd"))))
                .hasSize(3)
                .anySatisfy(got -> assertThat(got).startsWith("salt"))
                .anySatisfy(got -> assertThat(got).startsWith("share_ppm"))
                .anySatisfy(got -> assertThat(got).startsWith("kill"));

        world.accept(new Command.CreateGateSet(Fixtures.set("s", "orders", "customers")));

        assertThat(content("orders").gateSet()).contains(Fixtures.set("s").name());
        assertThat(world.paths(new Command.CreateGateSet(Fixtures.set("t", "orders"))))
                .containsExactly("gates[0]");
        assertThat(world.paths(new Command.CreateGateSet(Fixtures.set("s", "odd"))))
                .contains("name");
        assertThat(world.got(new Command.DeleteGate(new GateName("orders"))))
                .contains("in use by gateSets/s");
    }

    @Test
    void a_set_moves_as_one_in_one_event() {
        world.accept(new Command.CreateGateSet(Fixtures.set("s", "orders", "customers")));
        String etag = world.catalog().gateSet(Fixtures.set("s").name()).orElseThrow().meta().etag();

        List<Event> events =
                world.accept(
                        new Command.SetShare(
                                Fixtures.setTarget("s"), new PartsPerMillion(500_000)));

        assertThat(events).hasSize(1);
        assertThat(((GatesRevised) events.getFirst()).gates()).hasSize(2);
        assertThat(world.share("customers")).isEqualTo(500_000);
        assertThat(world.catalog().gateSet(Fixtures.set("s").name()).orElseThrow().meta().etag())
                .as("the etag of the set")
                .isNotEqualTo(etag);
        assertThat(world.paths(share("orders", 1))).as("one gate alone").containsExactly("name");
        assertThat(
                        world.paths(
                                update(
                                        "orders",
                                        edit(content("orders")).salt("x"),
                                        BackMoves.ALLOWED)))
                .containsExactly("name");
    }

    @Test
    void taking_back_one_gate_of_a_set_takes_the_set() {
        world.accept(new Command.CreateGateSet(Fixtures.set("s", "orders", "customers")));

        world.accept(new Command.Kill(Fixtures.gateTarget("orders")));
        assertThat(content("customers").isKilled()).isTrue();
        world.accept(new Command.Resume(Fixtures.gateTarget("customers"), List.of()));
        assertThat(content("orders").isKilled()).isFalse();
        world.accept(new Command.Rollback(Fixtures.gateTarget("orders")));
        assertThat(world.share("customers")).isZero();
    }

    @Test
    void gates_join_and_leave_a_set_by_a_revision_of_their_own() {
        world.accept(new Command.CreateGateSet(Fixtures.set("s", "orders")));
        assertThat(
                        world.kinds(
                                new Command.UpdateGateSet(Fixtures.set("t", "orders")),
                                Fixtures.admin()))
                .contains(Refusal.Kind.NOT_FOUND);
        assertThat(
                        world.kinds(
                                new Command.DeleteGateSet(Fixtures.set("t").name()),
                                Fixtures.admin()))
                .contains(Refusal.Kind.NOT_FOUND);
        assertThat(world.accept(new Command.UpdateGateSet(Fixtures.set("s", "orders")))).isEmpty();

        world.accept(new Command.UpdateGateSet(Fixtures.set("s", "customers")));
        assertThat(content("orders").gateSet()).isEmpty();
        assertThat(content("customers").gateSet()).isPresent();
        world.accept(
                new Command.UpdateGateSet(
                        new GateSetSpec(
                                Fixtures.set("s").name(),
                                new Description("named", "", Map.of()),
                                List.of(new GateName("customers")))));

        world.accept(new Command.DeleteGateSet(Fixtures.set("s").name()));
        assertThat(content("customers").gateSet()).isEmpty();
    }

    @Test
    void a_driven_set_keeps_its_members() {
        world.accept(new Command.CreateGateSet(Fixtures.set("s", "orders", "customers")));
        world.accept(new Command.CreateRamp(Fixtures.ramp("r", Fixtures.setTarget("s"), 300_000)));

        assertThat(world.got(new Command.UpdateGateSet(Fixtures.set("s", "orders"))))
                .anySatisfy(got -> assertThat(got).contains("ramps/r"));
        assertThat(world.got(new Command.DeleteGateSet(Fixtures.set("s").name())))
                .anySatisfy(got -> assertThat(got).contains("ramps/r"));
    }

    private Gate content(String gate) {
        return world.gate(gate).content();
    }

    private static Command share(String gate, int share) {
        return new Command.SetShare(Fixtures.gateTarget(gate), new PartsPerMillion(share));
    }

    private static Command update(String gate, GateEdit edit, BackMoves backMoves) {
        assertThat(edit.done().name().id()).isEqualTo(gate);
        return new Command.UpdateGate(new GateSpec(edit.done(), Description.NONE), backMoves);
    }

    private static GateEdit edit(Gate gate) {
        return new GateEdit(gate);
    }
}
