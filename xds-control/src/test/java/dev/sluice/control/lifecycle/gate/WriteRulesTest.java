package dev.sluice.control.lifecycle.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.gate.Bucketing;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.Salt;
import dev.sluice.contract.gate.TakeBack;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Event.GatesRevised.Action;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.GateSpec;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Writes change sides between two revisions that the whole fleet has applied. */
class WriteRulesTest {
    private static final Command.BackMoves ALLOWED = Command.BackMoves.ALLOWED;

    private final TwoStores stores = new TwoStores("web-1", "web-2");

    @Test
    void a_gate_that_begins_to_move_writes_says_where_they_are() {
        assertThat(stores.state()).isEqualTo("0 / 0");
        assertThat(stores.gate().contractVersion()).isEqualTo(Gate.WriteAuthority.CONTRACT_VERSION);
    }

    @Test
    void a_raise_holds_first_and_comes_when_every_live_node_has_applied_the_hold() {
        stores.share(250_000);
        assertThat(stores.state()).isEqualTo("0 / 0 / 0..250000");

        stores.apply("web-1");
        stores.settle();
        assertThat(stores.state()).as("web-2 lags").isEqualTo("0 / 0 / 0..250000");

        stores.apply("web-2");
        stores.settle();
        assertThat(stores.state()).isEqualTo("250000 / 250000");
        assertThat(stores.actions())
                .containsExactly(Action.CREATED, Action.SHARE_SET, Action.WRITES_SWITCHED);

        stores.applyAll();
        stores.raised(1_000_000);
        assertThat(stores.state()).isEqualTo("1000000 / 1000000");
    }

    @Test
    void what_is_settled_already_is_settled_once() {
        stores.share(250_000);
        stores.applyAll();
        stores.settle();
        long seq = stores.world.catalog().seq();

        stores.settle();

        assertThat(stores.world.catalog().seq()).isEqualTo(seq);
    }

    @Test
    void a_share_that_is_lowered_takes_reads_back_at_once_and_writes_when_all_hold_them() {
        stores.raised(500_000);

        stores.share(100_000);
        assertThat(stores.state()).isEqualTo("100000 / 500000 / 100000..500000");
        stores.settle();
        assertThat(stores.state()).isEqualTo("100000 / 500000 / 100000..500000");

        stores.applyAll();
        stores.settle();
        assertThat(stores.state()).isEqualTo("100000 / 100000");
    }

    @Test
    void a_kill_holds_nothing_until_all_have_applied_it() {
        stores.raised(500_000);

        stores.give(new Command.Kill(TwoStores.TARGET));
        assertThat(stores.state()).isEqualTo("500000 / 500000 / killed");
        stores.settle();
        assertThat(stores.state()).as("not applied").isEqualTo("500000 / 500000 / killed");

        stores.applyAll();
        stores.settle();
        assertThat(stores.state()).isEqualTo("500000 / 500000 / 0..500000 / killed");
        stores.applyAll();
        stores.settle();
        assertThat(stores.state()).isEqualTo("500000 / 0 / killed");
        assertThat(stores.actions())
                .endsWith(Action.KILLED, Action.WRITES_HELD, Action.WRITES_SWITCHED);
    }

    @Test
    void the_end_of_a_kill_brings_reads_at_once_and_writes_when_all_hold_them() {
        stores.raised(500_000);
        stores.give(new Command.Kill(TwoStores.TARGET));
        stores.applyAll();
        stores.settle();
        stores.applyAll();
        stores.settle();
        stores.applyAll();

        stores.give(new Command.Resume(TwoStores.TARGET, List.of()));
        assertThat(stores.state()).isEqualTo("500000 / 0 / 0..500000");

        stores.applyAll();
        stores.settle();
        assertThat(stores.state()).isEqualTo("500000 / 500000");
    }

    @Test
    void a_kill_that_ends_before_writes_changed_sides_leaves_them_where_they_are() {
        stores.raised(500_000);
        stores.give(new Command.Kill(TwoStores.TARGET));
        stores.applyAll();
        stores.settle();
        stores.applyAll();

        stores.give(new Command.Resume(TwoStores.TARGET, List.of()));

        assertThat(stores.state()).isEqualTo("500000 / 500000");
    }

    @Test
    void trips_that_are_acknowledged_leave_a_hold_as_it_is() {
        stores.raised(500_000);
        stores.give(new Command.RecordTrip(Fixtures.trip("orders", 1)));
        stores.share(100_000);

        stores.give(new Command.Resume(TwoStores.TARGET, List.of("n/b/1")));

        assertThat(stores.state()).isEqualTo("100000 / 500000 / 100000..500000");
    }

    @Test
    void other_modes_wait_for_writes_and_end_the_authority() {
        stores.raised(1_000_000);
        stores.share(500_000);
        stores.applyAll();
        Command onward = new Command.UpdateGate(at(Mode.LIVE, Mode.RAMP_DOWN, 0), ALLOWED);
        assertThat(stores.paths(onward)).containsExactly("from", "from");
        stores.settle();
        stores.applyAll();
        stores.raised(1_000_000);

        stores.give(onward);
        assertThat(stores.state()).isEqualTo("0 / by mode");

        stores.applyAll();
        stores.give(new Command.UpdateGate(at(Mode.SHADOW, Mode.LIVE, 1_000_000), ALLOWED));
        assertThat(stores.state()).as("back").isEqualTo("1000000 / 1000000");
    }

    @Test
    void other_buckets_wait_for_a_share_at_which_all_writes_are_on_one_side() {
        Bucketing now = stores.gate().bucketing();
        Bucketing other = new Bucketing(new Salt("another"), now.key(), now.missingKey());
        stores.share(250_000);
        assertThat(stores.paths(stores.update(other))).containsExactly("bucketing");
        stores.applyAll();
        stores.settle();
        stores.applyAll();
        assertThat(stores.paths(stores.update(other))).containsExactly("bucketing");

        stores.raised(1_000_000);
        stores.give(stores.update(other));

        assertThat(stores.gate().bucketing()).isEqualTo(other);
    }

    @Test
    void an_update_that_raises_the_share_holds_too() {
        stores.give(new Command.UpdateGate(at(Mode.SHADOW, Mode.LIVE, 250_000), ALLOWED));

        assertThat(stores.state()).isEqualTo("0 / 0 / 0..250000");
    }

    @Test
    void gates_of_a_set_move_their_writes_together_and_no_gate_joins_or_leaves_meanwhile() {
        stores.give(new Command.CreateGateSet(Fixtures.set("s", "orders", "customers")));
        stores.applyAll();
        Command raise =
                new Command.SetShare(
                        Fixtures.setTarget("s"), new dev.sluice.contract.PartsPerMillion(100_000));
        stores.give(raise);
        assertThat(WriteRules.moving(stores.world.catalog()))
                .containsExactly(Fixtures.setTarget("s"));
        assertThat(stores.paths(new Command.UpdateGateSet(Fixtures.set("s", "orders"))))
                .contains("gates");
        assertThat(stores.paths(new Command.DeleteGateSet(Fixtures.set("s").name())))
                .contains("gates");
        stores.applyAll();

        stores.give(new Command.MoveWrites(Fixtures.setTarget("s")));

        assertThat(stores.state()).isEqualTo("100000 / 100000");
        assertThat(stores.world.gate("customers").content().writeAuthority())
                .isEqualTo(stores.gate().writeAuthority());
        assertThat(WriteRules.moving(stores.world.catalog())).isEmpty();
    }

    @Test
    void a_gate_that_joins_a_set_has_no_writes_on_their_way() {
        stores.raised(100_000);
        stores.share(0);

        assertThat(
                        stores.paths(
                                new Command.CreateGateSet(
                                        Fixtures.set("s", "orders", "customers"))))
                .contains("gates");
    }

    @Test
    void a_gate_of_a_log_from_before_there_was_an_authority_gets_one_by_its_first_raise() {
        Gate old = stores.gate().withWrites(new Gate.WriteAuthority.ByMode(), Optional.empty());
        Command command = new Command.CreateGate(TwoStores.gate("orders"));
        stores.world.apply(
                command,
                stores.context(command),
                List.of(
                        new Event.GatesRevised(
                                Action.UPDATED,
                                List.of(
                                        new GateSpec(old, Description.NONE)
                                                .withRevision(
                                                        new dev.sluice.contract.gate.GateRevision(
                                                                1, 9))))));
        stores.applyAll();
        assertThat(stores.state()).isEqualTo("0 / by mode");
        stores.give(new Command.Kill(TwoStores.TARGET));
        assertThat(stores.state()).isEqualTo("0 / by mode / killed");
        stores.give(new Command.Resume(TwoStores.TARGET, List.of()));
        stores.applyAll();

        stores.share(100_000);

        assertThat(stores.state()).isEqualTo("0 / 0 / 0..100000");
    }

    @Test
    void a_target_that_is_gone_has_no_writes_to_move() {
        Command command = new Command.MoveWrites(Fixtures.gateTarget("nobody"));

        assertThat(stores.world.refuse(command))
                .extracting(Refusal::kind)
                .containsExactly(Refusal.Kind.NOT_FOUND);
    }

    private static GateSpec at(Mode from, Mode to, int share) {
        return new GateSpec(
                Fixtures.content("orders", "orders", share, "seed", from, to, TakeBack.FROM),
                Description.NONE);
    }
}
