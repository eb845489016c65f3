package dev.sluice.control.lifecycle.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.NodeName;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.ObeyedKill;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.lifecycle.Lifecycle;
import dev.sluice.control.lifecycle.World;
import dev.sluice.control.lifecycle.decision.Decision;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ObeyedKillsTest {
    private final World world = World.shop(250_000);

    @Test
    void a_kill_that_the_log_does_not_have_is_recorded_above_what_is_obeyed() {
        world.accept(keep(Fixtures.obeyedKill("orders", 1, 2_011)));

        assertThat(world.gate("orders").content().isKilled()).isTrue();
        assertThat(world.gate("orders").revision()).isEqualTo(new GateRevision(1, 2_012));
        assertThat(world.share("orders")).as("what a resume brings back").isEqualTo(250_000);
        assertThat(world.gate("customers").content().isKilled()).isFalse();
    }

    @Test
    void what_others_say_of_the_same_kill_changes_nothing() {
        world.accept(keep(Fixtures.obeyedKill("orders", 1, 2_011)));

        assertThat(world.accept(keep(Fixtures.obeyedKill("orders", 1, 2_011)))).isEmpty();
        assertThat(world.accept(keep(Fixtures.obeyedKill("orders", 1, 2_100))))
                .as("killed already")
                .isEmpty();
    }

    @Test
    void a_kill_that_was_resumed_since_stays_resumed() {
        world.accept(keep(Fixtures.obeyedKill("orders", 1, 2_011)));
        world.accept(new Command.Resume(Fixtures.gateTarget("orders"), List.of()));

        assertThat(world.accept(keep(Fixtures.obeyedKill("orders", 1, 2_011)))).isEmpty();
        assertThat(world.accept(keep(Fixtures.obeyedKill("orders", 1, 2_013))))
                .as("the revision of the resume itself")
                .isEmpty();
        assertThat(world.gate("orders").content().isKilled()).isFalse();
    }

    @Test
    void gates_of_a_set_are_killed_together_as_by_a_person() {
        world.accept(new Command.CreateGateSet(Fixtures.set("both", "orders", "customers")));

        world.accept(keep(Fixtures.obeyedKill("orders", 1, 2_011)));

        assertThat(world.gate("customers").content().isKilled()).isTrue();
        assertThat(world.gate("customers").revision()).isEqualTo(world.gate("orders").revision());
    }

    @Test
    void a_node_has_no_word_about_a_gate_that_it_does_not_meet() {
        ObeyedKill told = Fixtures.obeyedKill("orders", 1, 2_011);
        NodeSpec stranger = Fixtures.node("billing-1", "customers");

        Refusal refusal = refusal(new ObeyedKill(stranger, told.gate(), told.revision(), "x"));

        assertThat(refusal.kind()).isEqualTo(Refusal.Kind.DENIED);
        assertThat(refusal.problem().message()).contains("billing-1", "gates/orders");
        assertThat(world.gate("orders").content().isKilled()).isFalse();
    }

    @Test
    void a_revision_that_this_log_can_not_have_given_is_none() {
        assertThat(refusal(Fixtures.obeyedKill("orders", 1, Long.MAX_VALUE)).kind())
                .isEqualTo(Refusal.Kind.INVALID);
        assertThat(refusal(Fixtures.obeyedKill("orders", 2, 1)).problem().message())
                .contains("2.1 of gates/orders", "epoch 1");
        assertThat(world.gate("orders").content().isKilled()).isFalse();
    }

    @Test
    void what_an_earlier_leader_had_out_counts_whatever_its_number() {
        Decision later =
                new Lifecycle(7)
                        .decide(
                                world.catalog(),
                                FleetReport.SILENT,
                                keep(Fixtures.obeyedKill("orders", 6, Long.MAX_VALUE)),
                                Fixtures.admin());

        assertThat(later).isInstanceOf(Decision.Change.class);
        assertThat(((Decision.Change) later).events())
                .filteredOn(Event.GatesRevised.class::isInstance)
                .singleElement()
                .satisfies(event ->
                        assertThat(
                                        ((Event.GatesRevised) event)
                                                .gates()
                                                .getFirst()
                                                .revision()
                                                .epoch())
                                .isEqualTo(7));
    }

    @Test
    void a_gate_that_is_not_known_is_not_made() {
        assertThat(refusal(Fixtures.obeyedKill("nowhere", 1, 2)).kind())
                .isEqualTo(Refusal.Kind.NOT_FOUND);
    }

    @Test
    void the_audit_says_who_obeys_what_and_is_cut_where_a_node_says_too_much() {
        ObeyedKill told = Fixtures.obeyedKill("orders", 1, 2_011);

        assertThat(told.reason())
                .isEqualTo(
                        "edge obeys it as 1.2011 and the log did not have it: wrong totals, by"
                                + " ada");
        assertThat(
                        new ObeyedKill(told.node(), told.gate(), told.revision(), "x".repeat(5_000))
                                .reason())
                .hasSize(1_024);
        assertThat(told.node().name()).isEqualTo(new NodeName("edge"));
    }

    private Refusal refusal(ObeyedKill told) {
        return ((Decision.Refused) world.decide(keep(told), Fixtures.admin()))
                .refusals()
                .getFirst();
    }

    private static Command keep(ObeyedKill told) {
        return new Command.KeepKill(told);
    }
}
