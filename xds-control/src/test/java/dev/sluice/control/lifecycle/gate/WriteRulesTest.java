package dev.sluice.control.lifecycle.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.NodeName;
import dev.sluice.contract.RampName;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Bucketing;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.Rule;
import dev.sluice.contract.gate.Salt;
import dev.sluice.contract.gate.TakeBack;
import dev.sluice.contract.match.RequestMatch;
import dev.sluice.control.catalog.GateRevisionEntry;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Event.GatesRevised.Action;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.RampState;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.NodeSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Writes change sides between two revisions that the whole fleet has applied. */
class WriteRulesTest {
    private static final Duration LONGEST_HOLD = Duration.ofSeconds(3);

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
        assertThat(actions())
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
        assertThat(actions()).endsWith(Action.KILLED, Action.WRITES_HELD, Action.WRITES_SWITCHED);
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

    @Nested
    class WhileARaiseIsOnItsWay {
        WhileARaiseIsOnItsWay() {
            stores.raised(100_000);
            stores.share(250_000);
            assertThat(stores.state()).isEqualTo("100000 / 100000 / 100000..250000");
        }

        @Test
        void another_raise_is_refused_with_what_is_waited_for() {
            List<Refusal> refusals =
                    stores.world.refuse(
                            TwoStores.raise(500_000), stores.context(TwoStores.raise(500_000)));

            assertThat(refusals).extracting(Refusal::kind).containsOnly(Refusal.Kind.PRECONDITION);
            assertThat(refusals.getFirst().problem().got())
                    .isEqualTo(
                            "gates/orders: 10 % of its writes are on their way to 25 %, and wait"
                                    + " for nodes/web-1, nodes/web-2");
            assertThat(refusals.getFirst().problem().remedy()).contains("forget");
        }

        @Test
        void a_kill_ends_it_and_takes_back_what_there_is() {
            stores.give(new Command.Kill(TwoStores.TARGET));
            assertThat(stores.state()).isEqualTo("100000 / 100000 / killed");

            stores.applyAll();
            stores.settle();
            stores.applyAll();
            stores.settle();

            assertThat(stores.state()).isEqualTo("100000 / 0 / killed");
        }

        @Test
        void a_rollback_ends_it_and_goes_on_when_the_nodes_have_followed() {
            stores.give(new Command.Rollback(TwoStores.TARGET));
            assertThat(stores.state()).as("nodes lag").isEqualTo("0 / 100000");

            stores.applyAll();
            stores.settle();
            assertThat(stores.state()).isEqualTo("0 / 100000 / 0..100000");
            stores.applyAll();
            stores.settle();
            assertThat(stores.state()).isEqualTo("0 / 0");
        }

        @Test
        void the_share_in_force_ends_it() {
            stores.share(100_000);
            stores.applyAll();
            stores.settle();

            assertThat(stores.state()).isEqualTo("100000 / 100000");
        }

        @Test
        void what_does_not_move_keys_leaves_it_on_its_way() {
            GateSpec spec = stores.world.gate("orders").spec();
            stores.give(
                    new Command.UpdateGate(
                            new GateSpec(
                                    spec.content()
                                            .withRules(
                                                    List.of(
                                                            new Rule(
                                                                    "in",
                                                                    RequestMatch.EVERY,
                                                                    new Rule.Outcome.Fixed(
                                                                            Arm.NEW)))),
                                    spec.description()),
                            Command.BackMoves.ALLOWED));
            assertThat(stores.state()).isEqualTo("100000 / 100000 / 100000..250000");

            stores.applyAll();
            stores.settle();

            assertThat(stores.state()).isEqualTo("250000 / 250000");
        }

        @Test
        void it_comes_to_nothing_when_a_node_does_not_hold_in_time() {
            stores.apply("web-1");
            stores.pass(LONGEST_HOLD.minusMillis(1));
            stores.settle();
            assertThat(stores.state()).isEqualTo("100000 / 100000 / 100000..250000");

            stores.pass(Duration.ofMillis(1));
            stores.settle();

            assertThat(stores.state()).isEqualTo("100000 / 100000");
            assertThat(actions()).endsWith(Action.WRITES_RELEASED);
        }
    }

    @Nested
    class OfARamp {
        private final RampName ramp = new RampName("r");

        OfARamp() {
            stores.give(
                    new Command.CreateRamp(Fixtures.ramp("r", TwoStores.TARGET, 100_000, 250_000)));
        }

        @Test
        void a_step_is_in_force_when_its_writes_have_come() {
            stores.applyAll();
            assertThat(stores.paths(new Command.ConfirmStep(ramp, 0)))
                    .containsExactly("step", "step");
            stores.settle();
            stores.applyAll();

            stores.give(new Command.ConfirmStep(ramp, 0));
            stores.world.accept(new Command.StepRamp(ramp, 0), stores.world.soaked(ramp));

            assertThat(stores.state()).isEqualTo("100000 / 100000 / 100000..250000");
        }

        @Test
        void a_step_that_comes_to_nothing_waits_for_a_person() {
            stores.apply("web-1");
            stores.pass(LONGEST_HOLD);
            stores.settle();

            assertThat(stores.state()).isEqualTo("0 / 0");
            assertThat(stores.world.ramp("r").state()).isEqualTo(RampState.PAUSED);
            assertThat(stores.world.ramp("r").message())
                    .isEqualTo(
                            "its writes could not change sides: within 3 s the hold was not"
                                    + " applied by nodes/web-2");
            stores.applyAll();
            assertThat(stores.paths(new Command.ConfirmStep(ramp, 0)))
                    .as("the share is not what the step says")
                    .containsExactly("step");
            stores.give(new Command.ResumeRamp(ramp));
            assertThat(stores.state()).isEqualTo("0 / 0 / 0..100000");
        }

        @Test
        void a_raise_that_a_person_ends_holds_the_ramp() {
            stores.share(0);

            assertThat(stores.world.ramp("r").state()).isEqualTo(RampState.PAUSED);
            assertThat(stores.state()).isEqualTo("0 / 0");
        }

        @Test
        void its_end_takes_writes_back_as_well() {
            stores.applyAll();
            stores.settle();
            stores.applyAll();

            stores.give(new Command.AbortRamp(ramp));

            assertThat(stores.state()).isEqualTo("0 / 100000 / 0..100000");
        }

        @Test
        void the_next_step_names_the_nodes_that_would_not_hold() {
            stores.applyAll();
            stores.settle();
            stores.applyAll();
            stores.give(new Command.ConfirmStep(ramp, 0));
            stores.give(new Command.NodeLost(new NodeName("web-2")));

            List<Refusal> refusals =
                    stores.world.refuse(new Command.StepRamp(ramp, 0), stores.world.soaked(ramp));

            assertThat(refusals).extracting(it -> it.problem().path()).containsExactly("target");
            assertThat(refusals.getFirst().problem().got())
                    .isEqualTo(
                            "a raise that moves writes of gates/orders, which nodes/web-2 would"
                                    + " not hold");
        }
    }

    @Nested
    class WithALongerWait {
        WithALongerWait() {
            stores.give(waiting(Duration.ofSeconds(20)));
            stores.applyAll();
        }

        @Test
        void a_hold_says_it_and_lasts_2_s_less() {
            stores.share(250_000);
            stores.apply("web-1");
            assertThat(stores.gate().writeHold())
                    .contains(new Gate.WriteHold(0, 250_000, Duration.ofSeconds(20)));
            stores.pass(Duration.ofSeconds(18).minusMillis(1));
            stores.settle();
            assertThat(stores.state()).isEqualTo("0 / 0 / 0..250000");

            stores.pass(Duration.ofMillis(1));
            stores.settle();

            assertThat(stores.state()).isEqualTo("0 / 0");
        }

        @Test
        void the_same_share_again_is_no_change() {
            stores.share(250_000);
            stores.applyAll();
            stores.settle();
            long seq = stores.world.catalog().seq();

            stores.share(250_000);

            assertThat(stores.world.catalog().seq()).isEqualTo(seq);
        }
    }

    @Test
    void a_wait_of_writes_is_refused_out_of_its_range_and_where_one_store_is_written() {
        for (Duration wait : List.of(Duration.ofMillis(2_999), Duration.ofMillis(60_001))) {
            assertThat(stores.paths(waiting(wait))).containsExactly("write_max_wait");
        }
        GateSpec one = Fixtures.gate("one", "orders", 0);

        assertThat(
                        stores.paths(
                                new Command.CreateGate(
                                        new GateSpec(
                                                one.content(),
                                                one.description(),
                                                Optional.empty(),
                                                Optional.of(Duration.ofSeconds(5))))))
                .containsExactly("write_max_wait");
    }

    private Command waiting(Duration wait) {
        GateSpec spec = stores.world.gate("orders").spec();
        return new Command.UpdateGate(
                new GateSpec(spec.content(), spec.description(), spec.expires(), Optional.of(wait)),
                Command.BackMoves.REFUSED);
    }

    @Test
    void a_way_back_that_some_node_does_not_hold_in_time_is_tried_again_after_a_rest() {
        stores.raised(500_000);
        stores.share(0);
        stores.apply("web-1");
        stores.pass(LONGEST_HOLD);
        stores.settle();
        assertThat(stores.state()).as("released").isEqualTo("0 / 500000");

        stores.applyAll();
        stores.pass(WriteRules.REST.minusMillis(1));
        stores.settle();
        assertThat(stores.state()).as("rests").isEqualTo("0 / 500000");
        stores.pass(Duration.ofMillis(1));
        stores.settle();
        assertThat(stores.state()).isEqualTo("0 / 500000 / 0..500000");

        stores.applyAll();
        stores.settle();
        assertThat(stores.state()).isEqualTo("0 / 0");
    }

    @Test
    void writes_go_on_where_they_are_while_a_node_is_lost_until_it_is_forgotten() {
        stores.raised(500_000);
        stores.give(new Command.NodeLost(new NodeName("web-2")));

        stores.give(new Command.Rollback(TwoStores.TARGET));
        stores.apply("web-1");
        stores.settle();
        assertThat(stores.state()).as("nobody is held up").isEqualTo("0 / 500000");
        assertThat(stores.paths(TwoStores.raise(600_000))).contains("share_ppm");

        stores.give(new Command.ForgetNode(new NodeName("web-2")));
        stores.settle();
        assertThat(stores.state()).isEqualTo("0 / 500000 / 0..500000");
    }

    @Test
    void a_raise_is_refused_while_a_node_is_lost_or_lags() {
        stores.raised(100_000);
        stores.give(new Command.NodeLost(new NodeName("web-2")));
        assertThat(stores.paths(TwoStores.raise(250_000))).containsExactly("share_ppm");
        assertThat(
                        stores.paths(
                                new Command.CreateRamp(
                                        Fixtures.ramp("r", TwoStores.TARGET, 250_000))))
                .containsExactly("target");

        stores.register("web-2", NodeSpec.Kind.SLUICE, Gate.CONTRACT_VERSION);
        stores.share(250_000);
    }

    @Test
    void nobody_is_waited_for_where_nobody_decides_by_the_gate() {
        stores.give(new Command.NodeLeft(new NodeName("web-1")));
        stores.give(new Command.NodeLeft(new NodeName("web-2")));

        stores.share(250_000);
        assertThat(stores.state()).isEqualTo("250000 / 250000");
        stores.give(new Command.Kill(TwoStores.TARGET));
        assertThat(stores.state()).isEqualTo("250000 / 250000 / killed");
        stores.settle();
        assertThat(stores.state()).isEqualTo("250000 / 0 / killed");
        stores.give(new Command.Resume(TwoStores.TARGET, List.of()));
        assertThat(stores.state()).isEqualTo("250000 / 250000");
        stores.give(new Command.Kill(TwoStores.TARGET));
        stores.give(new Command.Rollback(TwoStores.TARGET));
        assertThat(stores.state()).isEqualTo("0 / 0 / killed");
    }

    @Test
    void stock_nodes_hold_up_raises_and_the_end_of_a_kill_but_no_way_back() {
        stores.raised(100_000);
        stores.register("envoy-1", NodeSpec.Kind.ENVOY, 0);
        stores.applyAll();

        List<Refusal> refusals = stores.world.refuse(TwoStores.raise(250_000));
        assertThat(refusals.getFirst().problem().got())
                .isEqualTo("writes of gates/orders pass nodes/envoy-1, which can't hold them");
        assertThat(refusals.getFirst().problem().remedy()).contains("Sluice sidecars");

        stores.give(new Command.Kill(TwoStores.TARGET));
        assertThat(stores.paths(new Command.Resume(TwoStores.TARGET, List.of())))
                .containsExactly("name");
        stores.give(new Command.Rollback(TwoStores.TARGET));
        stores.give(new Command.Resume(TwoStores.TARGET, List.of()));
        assertThat(stores.gate().share().isNone()).isTrue();
    }

    @Test
    void sidecars_that_can_not_read_it_hold_up_the_modes_that_move_writes() {
        TwoStores others = new TwoStores();
        others.register("web-1", NodeSpec.Kind.SLUICE, 2);
        others.give(
                new Command.DeleteRoute(Fixtures.routeToGate("orders", "all", "orders").name()));
        others.give(new Command.DeleteGate(TwoStores.GATE));
        others.give(
                new Command.CreateGate(
                        new GateSpec(
                                Fixtures.content(
                                        "orders",
                                        "orders",
                                        1_000_000,
                                        "seed",
                                        Mode.DUAL_WRITE,
                                        Mode.SHADOW,
                                        TakeBack.FROM),
                                Description.NONE)));
        others.give(new Command.CreateRoute(Fixtures.routeToGate("orders", "all", "orders")));
        others.applyAll();

        assertThat(others.paths(new Command.UpdateGate(TwoStores.gate("orders"), ALLOWED)))
                .containsExactly("from");

        others.register("web-1", NodeSpec.Kind.SLUICE, Gate.CONTRACT_VERSION);
        others.give(new Command.UpdateGate(TwoStores.gate("orders"), ALLOWED));
        assertThat(others.state()).isEqualTo("0 / 0");
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

    private static final Command.BackMoves ALLOWED = Command.BackMoves.ALLOWED;

    private static GateSpec at(Mode from, Mode to, int share) {
        return new GateSpec(
                Fixtures.content("orders", "orders", share, "seed", from, to, TakeBack.FROM),
                Description.NONE);
    }

    private List<Action> actions() {
        return stores.world.gate("orders").revisions().values().stream()
                .map(GateRevisionEntry::action)
                .toList();
    }
}
