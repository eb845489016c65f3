package dev.sluice.control.lifecycle.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.Rule;
import dev.sluice.contract.match.RequestMatch;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Command.BackMoves;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Event.GatesRevised;
import dev.sluice.control.change.Event.GatesRevised.Action;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.RampState;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.lifecycle.World;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Shares, kills and trips of gates, and the ramps that they hold or end. */
class ShareRulesTest {
    private final World world = World.shop(250_000);

    @Test
    void a_share_changes_nothing_else_and_needs_the_etag() {
        Command raise = share("orders", 500_000);

        assertThat(world.kinds(raise, Fixtures.admin())).containsExactly(Refusal.Kind.INVALID);
        assertThat(world.kinds(raise, Fixtures.admin().withEtag("stale")))
                .containsExactly(Refusal.Kind.ABORTED);
        List<Event> events = world.accept(raise);

        assertThat(events).hasSize(1);
        assertThat(((GatesRevised) events.getFirst()).action()).isEqualTo(Action.SHARE_SET);
        assertThat(world.gate("orders").content())
                .isEqualTo(edit(before("orders")).share(500_000).revision(2).done());
        assertThat(world.accept(share("orders", 500_000))).as("the same again").isEmpty();
        assertThat(world.kinds(share("nowhere", 1), Fixtures.admin()))
                .containsExactly(Refusal.Kind.NOT_FOUND);
    }

    @Test
    void a_share_is_not_raised_over_a_kill_or_an_open_trip_but_lowered() {
        world.accept(new Command.Kill(Fixtures.gateTarget("orders")));
        world.accept(new Command.RecordTrip(Fixtures.trip("orders", 1)));

        assertThat(world.got(share("orders", 300_000)))
                .anySatisfy(got -> assertThat(got).contains("while it is killed"))
                .anySatisfy(got -> assertThat(got).contains("n/b/1"));
        world.accept(share("orders", 200_000));

        world.accept(new Command.Resume(Fixtures.gateTarget("orders"), List.of("n/b/1")));
        world.accept(share("orders", 300_000));
        assertThat(world.gate("orders").content().acknowledgedTrips()).containsExactly("n/b/1");
    }

    @Test
    void a_rollback_needs_a_reason_and_no_etag() {
        Command rollback = new Command.Rollback(Fixtures.gateTarget("orders"));
        assertThat(world.paths(rollback, Fixtures.admin().withReason("")))
                .containsExactly("reason");
        assertThat(world.paths(rollback, Fixtures.admin().withReason("x".repeat(1_025))))
                .containsExactly("reason");

        world.accept(rollback, Fixtures.admin());

        assertThat(world.share("orders")).isZero();
        assertThat(world.accept(rollback)).as("nothing left to take back").isEmpty();
    }

    @Test
    void a_kill_is_latched_until_it_is_resumed_whatever_else_changes() {
        world.accept(new Command.Kill(Fixtures.gateTarget("orders")));
        assertThat(world.accept(new Command.Kill(Fixtures.gateTarget("orders"))))
                .as("killed already")
                .isEmpty();
        setShare("orders", 100_000);
        world.accept(update("orders", edit(content("orders")).rules(rule("in", Arm.NEW))));
        world.accept(restore(3, BackMoves.ALLOWED));
        assertThat(world.gate("orders").content().kill())
                .hasValueSatisfying(kill -> {
                    assertThat(kill.actor()).isEqualTo("admin");
                    assertThat(kill.reason()).isEqualTo("a reason");
                });

        world.accept(new Command.Resume(Fixtures.gateTarget("orders"), List.of()));

        assertThat(world.gate("orders").content().kill()).isEmpty();
        assertThat(world.accept(new Command.Resume(Fixtures.gateTarget("orders"), List.of())))
                .isEmpty();
    }

    @Test
    void trips_are_opened_once_and_end_when_acknowledged() {
        world.accept(new Command.RecordTrip(Fixtures.trip("orders", 1)));
        assertThat(world.accept(new Command.RecordTrip(Fixtures.trip("orders", 1)))).isEmpty();
        assertThat(world.accept(new Command.RecordTrip(Fixtures.trip("nowhere", 1)))).isEmpty();
        assertThat(world.gate("orders").openTrips()).hasSize(1);

        world.accept(new Command.Resume(Fixtures.gateTarget("orders"), List.of("n/b/1", "n/b/2")));

        assertThat(world.gate("orders").openTrips()).isEmpty();
        assertThat(world.accept(new Command.RecordTrip(Fixtures.trip("orders", 2))))
                .as("acknowledged before it was reported")
                .isEmpty();
    }

    @Test
    void a_kill_at_one_sidecar_is_recorded_once_and_holds_raises_until_it_is_named() {
        world.accept(new Command.RecordLocalKill(Fixtures.localKill("orders", 1)));
        assertThat(world.accept(new Command.RecordLocalKill(Fixtures.localKill("orders", 1))))
                .as("reported again")
                .isEmpty();
        assertThat(world.accept(new Command.RecordLocalKill(Fixtures.localKill("nowhere", 1))))
                .isEmpty();

        assertThat(world.got(share("orders", 300_000)))
                .singleElement()
                .asString()
                .contains("killed at nodes/n (n/b/1: errors)");
        world.accept(share("orders", 200_000));
        world.accept(new Command.Resume(Fixtures.gateTarget("orders"), List.of()));
        assertThat(world.gate("orders").openLocalKills()).as("not named").hasSize(1);

        world.accept(new Command.Resume(Fixtures.gateTarget("orders"), List.of("n/b/1")));
        assertThat(world.gate("orders").openLocalKills()).isEmpty();
        assertThat(world.gate("orders").content().acknowledgedTrips()).containsExactly("n/b/1");
        world.accept(share("orders", 300_000));
        assertThat(world.accept(new Command.RecordLocalKill(Fixtures.localKill("orders", 1))))
                .as("the report of a node that has not applied it yet")
                .isEmpty();
    }

    @Test
    void of_many_kills_at_sidecars_a_refusal_names_some() {
        for (int i = 1; i <= 12; i++) {
            world.accept(new Command.RecordLocalKill(Fixtures.localKill("orders", i)));
        }

        assertThat(world.got(share("orders", 300_000)))
                .singleElement()
                .asString()
                .contains("n/b/1: errors")
                .endsWith("and 2 more");
    }

    @Test
    void trip_ids_have_a_length_and_a_gate_room_for_ten_thousand() {
        assertThat(world.paths(new Command.Resume(Fixtures.gateTarget("orders"), List.of(""))))
                .containsExactly("acknowledged_trips[0]");
        List<String> many = IntStream.rangeClosed(0, 10_000).mapToObj(i -> "t/" + i).toList();
        assertThat(world.paths(new Command.Resume(Fixtures.gateTarget("orders"), many)))
                .containsExactly("acknowledged_trips");
    }

    @Test
    void a_driven_gate_is_not_raised_by_hand_and_lowering_it_pauses_the_ramp() {
        world.accept(
                new Command.CreateRamp(
                        Fixtures.ramp("r", Fixtures.gateTarget("orders"), 300_000, 500_000)));

        assertThat(world.got(share("orders", 400_000)))
                .anySatisfy(got -> assertThat(got).contains("ramps/r"));
        assertThat(world.got(update("orders", edit(content("orders")).share(1))))
                .anySatisfy(got -> assertThat(got).contains("ramps/r"));
        assertThat(world.got(new Command.DeleteGate(new GateName("orders"))))
                .contains("in use by ramps/r");
        assertThat(world.got(new Command.CreateGateSet(Fixtures.set("s", "orders"))))
                .anySatisfy(got -> assertThat(got).contains("ramps/r"));

        world.accept(share("orders", 200_000));
        assertThat(world.ramp("r").state()).isEqualTo(RampState.PAUSED);
        world.accept(share("orders", 100_000));
        assertThat(world.ramp("r").state()).isEqualTo(RampState.PAUSED);
    }

    @Test
    void a_kill_pauses_the_ramp_and_a_rollback_ends_it() {
        world.accept(
                new Command.CreateRamp(
                        Fixtures.ramp("r", Fixtures.gateTarget("orders"), 300_000, 500_000)));
        world.accept(new Command.Kill(Fixtures.gateTarget("orders")));
        assertThat(world.ramp("r").state()).isEqualTo(RampState.PAUSED);
        world.accept(new Command.Resume(Fixtures.gateTarget("orders"), List.of()));
        world.accept(new Command.Kill(Fixtures.gateTarget("orders")));
        assertThat(world.ramp("r").state()).as("paused before").isEqualTo(RampState.PAUSED);

        world.accept(new Command.Rollback(Fixtures.gateTarget("orders")));
        assertThat(world.ramp("r").state()).isEqualTo(RampState.ROLLED_BACK);
    }

    private Gate content(String gate) {
        return world.gate(gate).content();
    }

    private Gate before(String gate) {
        return world.gate(gate).revision(new GateRevision(1, 1)).orElseThrow().spec().content();
    }

    private void setShare(String gate, int share) {
        world.accept(share(gate, share));
    }

    private static Command share(String gate, int share) {
        return new Command.SetShare(Fixtures.gateTarget(gate), new PartsPerMillion(share));
    }

    private static Command update(String gate, GateEdit edit) {
        return update(gate, edit, BackMoves.REFUSED);
    }

    private static Command update(String gate, GateEdit edit, BackMoves backMoves) {
        assertThat(edit.done().name().id()).isEqualTo(gate);
        return new Command.UpdateGate(new GateSpec(edit.done(), Description.NONE), backMoves);
    }

    private static Command restore(long number, BackMoves backMoves) {
        return new Command.RestoreRevision(
                new GateName("orders"), new GateRevision(1, number), backMoves);
    }

    private static Rule rule(String name, Arm arm) {
        return new Rule(name, RequestMatch.EVERY, new Rule.Outcome.Fixed(arm));
    }

    private static GateEdit edit(Gate gate) {
        return new GateEdit(gate);
    }
}
