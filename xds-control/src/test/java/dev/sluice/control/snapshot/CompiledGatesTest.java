package dev.sluice.control.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.GateParser;
import dev.sluice.contract.gate.GateWriter;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Event.GatesRevised.Action;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.gate.v1.Gate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class CompiledGatesTest {
    private static final GateName OTHER = new GateName("other");

    @Test
    void a_gate_is_one_resource_that_reads_back_as_the_gate() {
        Shop shop = Shop.open(250_000);

        CompiledGates gates = CompiledGates.NONE.next(shop.catalog());

        Versioned resource = gates.find(Shop.ORDERS).orElseThrow();
        assertThat(resource.name()).isEqualTo("gates/orders");
        assertThat(GateParser.parse((Gate) resource.message()).orThrow())
                .isEqualTo(shop.catalog().gate(Shop.ORDERS).orElseThrow().content());
    }

    @Test
    void a_change_compiles_the_gate_that_changed_and_no_other() {
        Gate.Builder other =
                GateWriter.write(Fixtures.gate("other", "orders", 0).content()).toBuilder();
        other.getRevisionBuilder().setEpoch(1).setNumber(1);
        Shop shop =
                Shop.open(0)
                        .with(
                                new Event.GatesRevised(
                                        Action.CREATED,
                                        List.of(
                                                new GateSpec(
                                                        GateParser.parse(other.build()).orThrow(),
                                                        Description.NONE))));
        CompiledGates before = CompiledGates.NONE.next(shop.catalog());

        CompiledGates after = before.next(shop.gate(gate -> gate.setSharePpm(1)).catalog());

        assertThat(after.find(OTHER).orElseThrow()).isSameAs(before.find(OTHER).orElseThrow());
        assertThat(after.find(Shop.ORDERS).orElseThrow().version())
                .isNotEqualTo(before.find(Shop.ORDERS).orElseThrow().version());
    }

    @Test
    void a_state_with_the_same_gates_is_the_same_and_what_differs_is_told_by_name() {
        Shop shop = Shop.open(0);
        CompiledGates before = CompiledGates.NONE.next(shop.catalog());

        CompiledGates same =
                before.next(
                        shop.with(new Event.NodeRegistered(Fixtures.node("web-1", "web")))
                                .catalog());
        CompiledGates other =
                before.next(
                        shop.with(
                                        new Event.GatesRevised(
                                                Action.CREATED, List.of(Shop.young("other"))))
                                .catalog());

        assertThat(same).isSameAs(before);
        assertThat(same.differing(before)).isEmpty();
        assertThat(other.differing(before)).containsExactly(OTHER);
        assertThat(before.differing(other)).containsExactly(OTHER);
        assertThat(other.next(shop.gate(gate -> gate.setSharePpm(1)).catalog()).differing(other))
                .containsExactly(Shop.ORDERS);
    }

    @Test
    void a_deleted_gate_is_gone() {
        Shop shop = Shop.open(0);
        CompiledGates before = CompiledGates.NONE.next(shop.catalog());

        shop.with(new Event.GateDeleted(Shop.ORDERS));

        assertThat(before.next(shop.catalog()).find(Shop.ORDERS)).isEmpty();
    }

    @Test
    void nodes_that_say_the_same_of_what_matters_share_one_structure() {
        NodeSpec one = Fixtures.node("one", "web");
        NodeSpec two = Fixtures.node("two", "web");

        assertThat(NodeProfile.of(one)).isEqualTo(NodeProfile.of(two));
        assertThat(NodeProfile.of(one))
                .isEqualTo(
                        new NodeProfile(
                                NodeSpec.Kind.SLUICE,
                                Optional.of(Fixtures.serviceName("web")),
                                Optional.empty(),
                                ""));
    }
}
