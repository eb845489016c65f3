package dev.sluice.control.lifecycle.ramp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.RampName;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.Rule;
import dev.sluice.contract.gate.TakeBack;
import dev.sluice.contract.match.RequestMatch;
import dev.sluice.control.catalog.Node;
import dev.sluice.control.catalog.Ramp;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Command.BackMoves;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.Queried;
import dev.sluice.control.change.RampState;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.TripReport;
import dev.sluice.control.change.Verdict;
import dev.sluice.control.change.Verdict.Outcome;
import dev.sluice.control.change.spec.Criterion;
import dev.sluice.control.change.spec.Criterion.Against;
import dev.sluice.control.change.spec.Criterion.OnBreach;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.JudgePolicy;
import dev.sluice.control.change.spec.QueryCriterion;
import dev.sluice.control.change.spec.RampSpec;
import dev.sluice.control.lifecycle.World;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Ramps and nodes. */
class RampRulesTest {
    private static final RampName RAMP = new RampName("r");

    private final World world = World.shop(0);

    @Test
    void a_ramp_begins_with_its_first_share_in_force() {
        List<Event> events = start(10_000, 500_000);

        assertThat(events).hasSize(2);
        assertThat(world.share("orders")).isEqualTo(10_000);
        assertThat(ramp().state()).isEqualTo(RampState.RUNNING);
        assertThat(ramp().stepAppliedTime()).isEmpty();
    }

    @Test
    void a_plan_is_checked_whole() {
        RampSpec wrong =
                new RampSpec(
                        RAMP,
                        Fixtures.gateTarget("orders"),
                        List.of(
                                step(500_000, Duration.ofDays(31), Duration.ofDays(1)),
                                step(500_000, Duration.ZERO, Duration.ofDays(91))),
                        new JudgePolicy(0, 0, -1, false, List.of(), List.of()),
                        Optional.empty());

        assertThat(paths(new Command.CreateRamp(wrong)))
                .containsExactlyInAnyOrder(
                        "steps[0].soak",
                        "steps[0].max_soak",
                        "steps[1].max_soak",
                        "steps[1].share_ppm",
                        "judge.alpha_ppm",
                        "judge.harm_budget_ppm",
                        "judge.min_keys");
        assertThat(
                        paths(
                                new Command.CreateRamp(
                                        new RampSpec(
                                                RAMP,
                                                Fixtures.gateTarget("orders"),
                                                List.of(),
                                                JudgePolicy.DEFAULT,
                                                Optional.empty()))))
                .containsExactly("steps");
    }

    @Test
    void a_criterion_is_limited_by_the_unit_of_what_it_measures() {
        int above = PartsPerMillion.WHOLE + 1;
        RampSpec plain = Fixtures.ramp("r", Fixtures.gateTarget("orders"), 10_000);
        JudgePolicy judge =
                new JudgePolicy(
                        JudgePolicy.DEFAULT.alphaPpm(),
                        JudgePolicy.DEFAULT.harmBudgetPpm(),
                        JudgePolicy.DEFAULT.minKeys(),
                        false,
                        List.of(
                                criterion(Criterion.Measure.SERVER_ERRORS, above),
                                criterion(Criterion.Measure.P99_MICROS, above),
                                criterion(Criterion.Measure.P99_MICROS, 3_600_000_001L)),
                        List.of());
        RampSpec spec =
                new RampSpec(plain.name(), plain.target(), plain.steps(), judge, Optional.empty());

        assertThat(paths(new Command.CreateRamp(spec)))
                .containsExactly("judge.criteria[0].limit", "judge.criteria[2].limit");
    }

    private static Criterion criterion(Criterion.Measure measure, long limit) {
        return new Criterion(measure, Against.NOTHING, limit, OnBreach.ROLL_BACK);
    }

    @Test
    void what_a_metrics_server_is_asked_is_checked_whole() {
        QueryCriterion wrong =
                new QueryCriterion(
                        "Lag",
                        new QueryCriterion.Source(
                                "",
                                Optional.of("se cret"),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(31),
                                Duration.ofSeconds(9)),
                        "lag{a=\"{{tenant}}\"}",
                        new QueryCriterion.Limit(
                                Against.LEGACY,
                                QueryCriterion.Bound.AT_MOST,
                                1,
                                OnBreach.ROLL_BACK,
                                11,
                                Duration.ZERO));
        RampSpec plain = Fixtures.ramp("r", Fixtures.gateTarget("orders"), 10_000);
        RampSpec spec =
                new RampSpec(
                        plain.name(),
                        plain.target(),
                        plain.steps(),
                        Queried.policy(wrong, wrong),
                        Optional.empty());

        assertThat(paths(new Command.CreateRamp(spec)).stream().distinct())
                .contains(
                        "judge.queries[0].name",
                        "judge.queries[0].bearer_secret",
                        "judge.queries[0].url",
                        "judge.queries[0].in_a_row",
                        "judge.queries[0].interval",
                        "judge.queries[0].timeout",
                        "judge.queries[0].window",
                        "judge.queries[0].max_age",
                        "judge.queries[0].query",
                        "judge.queries[1].name");
        assertThat(got(new Command.CreateRamp(spec)))
                .contains("'{{tenant}}'", "the same query for both arms");
        world.accept(new Command.CreateRamp(Queried.ramp(plain)));
    }

    @Test
    void one_ramp_drives_one_target_that_exists_and_stands_alone() {
        assertThat(paths(create("x", "nowhere", 1))).containsExactly("target");
        start(10_000);
        assertThat(paths(create("r", "orders", 20_000))).containsExactly("name", "target");

        world.accept(new Command.CreateGateSet(Fixtures.set("s", "customers")));
        assertThat(paths(create("x", "customers", 1))).containsExactly("name");
        world.accept(new Command.CreateRamp(Fixtures.ramp("x", Fixtures.setTarget("s"), 20_000)));
        assertThat(world.share("customers")).isEqualTo(20_000);
    }

    @Test
    void a_ramp_does_not_begin_below_the_share_nor_over_a_kill_nor_past_no_return() {
        share(300_000);
        assertThat(paths(create("r", "orders", 10_000))).containsExactly("steps[0].share_ppm");
        world.accept(new Command.Kill(Fixtures.gateTarget("orders")));
        assertThat(paths(create("r", "orders", 300_000))).containsExactly("target");
        world.accept(new Command.Resume(Fixtures.gateTarget("orders"), List.of()));
        forbid();
        assertThat(paths(create("r", "orders", 300_000))).containsExactly("take_back");
    }

    @Test
    void the_orchestrator_goes_on_step_by_step_and_never_twice() {
        start(10_000, 500_000);
        assertThat(got(new Command.StepRamp(RAMP, 0))).contains("step 0 is not applied everywhere");
        assertThat(paths(new Command.ConfirmStep(RAMP, 1))).containsExactly("step");
        world.accept(new Command.ConfirmStep(RAMP, 0));
        assertThat(world.accept(new Command.ConfirmStep(RAMP, 0))).as("again").isEmpty();

        assertThat(paths(new Command.StepRamp(RAMP, 0))).containsExactly("soak", "verdict");
        world.accept(new Command.StepRamp(RAMP, 0), world.soaked(RAMP));

        assertThat(world.share("orders")).isEqualTo(500_000);
        assertThat(ramp().step()).isEqualTo(1);
        assertThat(ramp().stepAppliedTime()).isEmpty();
        assertThat(paths(new Command.StepRamp(RAMP, 0))).as("the same again").contains("step");

        world.accept(new Command.ConfirmStep(RAMP, 1));
        world.accept(new Command.StepRamp(RAMP, 1), world.soaked(RAMP));
        assertThat(ramp().state()).isEqualTo(RampState.SUCCEEDED);
        assertThat(world.share("orders")).isEqualTo(500_000);
        assertThat(paths(new Command.StepRamp(RAMP, 1))).containsExactly("state");
        assertThat(world.catalog().activeRamp(Fixtures.gateTarget("orders"))).isEmpty();
    }

    @Test
    void no_data_ends_a_judged_step_and_no_verdict_one_that_is_a_persons() {
        start(10_000, 500_000);
        world.accept(new Command.ConfirmStep(RAMP, 0));
        CommandContext late =
                CommandContext.of(Principal.ORCHESTRATOR, Fixtures.START.plus(Duration.ofDays(1)));
        assertThat(got(new Command.StepRamp(RAMP, 0), late)).containsExactly("none");
        for (Outcome outcome : List.of(Outcome.UNDECIDED, Outcome.INVALID)) {
            world.accept(new Command.RecordVerdict(RAMP, Fixtures.verdict(0, outcome)));
            assertThat(got(new Command.StepRamp(RAMP, 0), late)).containsExactly(outcome.name());
        }
        world.accept(new Command.AdvanceRamp(RAMP));
        assertThat(world.share("orders")).as("a person decides").isEqualTo(500_000);

        RampName other = new RampName("s");
        world.accept(
                new Command.CreateRamp(
                        Fixtures.ramp(
                                "s",
                                Fixtures.gateTarget("customers"),
                                RampSpec.Advance.APPROVED,
                                10_000,
                                500_000)));
        world.accept(new Command.ConfirmStep(other, 0));
        assertThat(paths(new Command.StepRamp(other, 0), world.soaked(other)))
                .containsExactly("advance");
    }

    @Test
    void a_verdict_from_before_a_change_ends_no_step() {
        start(10_000, 500_000);
        world.accept(new Command.ConfirmStep(RAMP, 0));
        CommandContext end = world.soaked(RAMP);
        CommandContext later = CommandContext.of(Principal.ORCHESTRATOR, end.time().plusSeconds(1));
        Rule apart = new Rule("isolated", RequestMatch.EVERY, new Rule.Outcome.Fixed(Arm.LEGACY));
        Command isolate = new Command.IsolateGate(new GateName("orders"), apart);
        world.accept(isolate, later.withReason("a reason"));

        assertThat(got(new Command.StepRamp(RAMP, 0), later))
                .singleElement()
                .asString()
                .contains("gates/orders has 1.3 since then");
        world.accept(
                new Command.RecordVerdict(
                        RAMP, Fixtures.verdict(0, Outcome.NON_INFERIOR, later.time())));
        Command build = new Command.UpdateVersion(Fixtures.build("orders", "v2", "tin"));
        world.accept(build, later);
        assertThat(got(new Command.StepRamp(RAMP, 0), later))
                .singleElement()
                .asString()
                .contains("services/orders/versions/v2 changed during the step");
    }

    @Test
    void a_ramp_stops_going_up_over_a_trip_a_kill_or_a_verdict() {
        start(10_000, 500_000);
        world.accept(new Command.ConfirmStep(RAMP, 0));
        CommandContext end = world.soaked(RAMP);
        world.accept(new Command.RecordTrip(Fixtures.trip("orders", 1)));
        assertThat(paths(new Command.StepRamp(RAMP, 0), end)).containsExactly("target");
        world.accept(new Command.Resume(Fixtures.gateTarget("orders"), List.of("n/b/1")));
        world.accept(new Command.Kill(Fixtures.gateTarget("orders")));
        assertThat(paths(new Command.StepRamp(RAMP, 0), end)).containsExactly("state", "target");
        assertThat(paths(new Command.ResumeRamp(RAMP))).containsExactly("target");
    }

    @Test
    void a_kill_at_one_sidecar_makes_the_ramp_stand_still_until_it_is_acknowledged() {
        start(10_000, 500_000);
        world.accept(new Command.ConfirmStep(RAMP, 0));
        world.accept(new Command.RecordLocalKill(Fixtures.localKill("orders", 1)));

        assertThat(ramp().state()).isEqualTo(RampState.PAUSED);
        assertThat(ramp().message()).contains("gates/orders was killed at nodes/n");
        assertThat(paths(new Command.ResumeRamp(RAMP))).containsExactly("target");
        world.accept(new Command.RecordLocalKill(Fixtures.localKill("orders", 2)));
        assertThat(ramp().state()).isEqualTo(RampState.PAUSED);

        world.accept(new Command.Resume(Fixtures.gateTarget("orders"), List.of("n/b/1", "n/b/2")));
        world.accept(new Command.ResumeRamp(RAMP));
        assertThat(ramp().state()).isEqualTo(RampState.RUNNING);
    }

    @Test
    void degraded_takes_back_in_the_same_change() {
        start(10_000, 500_000);

        List<Event> events =
                world.accept(
                        new Command.RecordVerdict(
                                RAMP, Fixtures.verdict(0, Verdict.Outcome.DEGRADED)));

        assertThat(events).hasSize(3);
        assertThat(world.share("orders")).isZero();
        assertThat(ramp().state()).isEqualTo(RampState.ROLLED_BACK);
        assertThat(ramp().message()).isEqualTo("said so");
        assertThat(ramp().history()).hasSize(1);
    }

    @Test
    void a_verdict_of_another_step_is_refused_and_others_are_kept() {
        start(10_000, 500_000);
        assertThat(
                        paths(
                                new Command.RecordVerdict(
                                        RAMP, Fixtures.verdict(1, Verdict.Outcome.DEGRADED))))
                .containsExactly("step");

        Verdict good = Fixtures.verdict(0, Verdict.Outcome.NON_INFERIOR);
        world.accept(new Command.RecordVerdict(RAMP, good));

        assertThat(ramp().verdict()).contains(good);
        assertThat(ramp().state()).isEqualTo(RampState.RUNNING);
    }

    @Test
    void past_no_return_a_degraded_ramp_waits_for_a_person_once() {
        start(10_000, 500_000);
        forbid();
        world.accept(new Command.ConfirmStep(RAMP, 0));
        Command degraded =
                new Command.RecordVerdict(RAMP, Fixtures.verdict(0, Verdict.Outcome.DEGRADED));
        world.accept(degraded);

        assertThat(ramp().state()).isEqualTo(RampState.WAITING_FOR_APPROVAL);
        assertThat(world.share("orders")).isEqualTo(10_000);
        assertThat(world.accept(new Command.TakeBackRamp(RAMP, "tripped"))).isEmpty();
        assertThat(paths(new Command.AdvanceRamp(RAMP))).containsExactly("verdict");
        assertThat(paths(new Command.AbortRamp(RAMP))).containsExactly("take_back");
    }

    @Test
    void a_trip_takes_the_ramp_back() {
        start(10_000, 500_000);
        world.accept(new Command.TakeBackRamp(RAMP, "n tripped"));
        assertThat(ramp().state()).isEqualTo(RampState.ROLLED_BACK);
        assertThat(world.share("orders")).isZero();
    }

    @Test
    void a_person_pauses_resumes_advances_and_aborts() {
        start(10_000, 500_000, 900_000);
        world.accept(new Command.ConfirmStep(RAMP, 0));
        CommandContext end = world.soaked(RAMP);
        world.accept(new Command.PauseRamp(RAMP));
        assertThat(world.accept(new Command.PauseRamp(RAMP))).as("paused already").isEmpty();
        assertThat(paths(new Command.StepRamp(RAMP, 0), end)).containsExactly("state");
        assertThat(paths(new Command.AdvanceRamp(RAMP))).containsExactly("state");
        world.accept(new Command.ResumeRamp(RAMP));
        assertThat(world.accept(new Command.ResumeRamp(RAMP))).as("running already").isEmpty();

        world.accept(new Command.HoldRamp(RAMP, 0, "asks a person"));
        assertThat(ramp().state()).isEqualTo(RampState.WAITING_FOR_APPROVAL);
        assertThat(world.accept(new Command.HoldRamp(RAMP, 0, "asks a person"))).isEmpty();
        assertThat(world.refuse(new Command.AdvanceRamp(RAMP), Fixtures.admin()))
                .extracting(Refusal::kind)
                .containsExactly(Refusal.Kind.INVALID);
        world.accept(new Command.AdvanceRamp(RAMP));
        assertThat(ramp().step()).isEqualTo(1);
        assertThat(ramp().state()).isEqualTo(RampState.RUNNING);
        assertThat(paths(new Command.AdvanceRamp(RAMP))).containsExactly("step");

        assertThat(paths(new Command.AbortRamp(RAMP), Fixtures.admin().withReason("")))
                .containsExactly("reason");
        world.accept(new Command.AbortRamp(RAMP));
        assertThat(ramp().state()).isEqualTo(RampState.ROLLED_BACK);
        assertThat(ramp().message()).isEqualTo("aborted by admin: a reason");
        assertThat(world.share("orders")).isZero();
        assertThat(paths(new Command.PauseRamp(RAMP))).containsExactly("state");
        assertThat(paths(new Command.PauseRamp(new RampName("none")))).containsExactly("name");
    }

    @Test
    void a_reason_that_was_not_given_is_not_told() {
        start(10_000);
        world.accept(new Command.PauseRamp(RAMP), Fixtures.admin().withReason(""));
        assertThat(ramp().message()).isEqualTo("paused by admin");
    }

    @Test
    void a_ramp_resumed_after_the_share_was_lowered_begins_its_step_anew() {
        start(10_000, 500_000);
        world.accept(new Command.ConfirmStep(RAMP, 0));
        share(0);
        assertThat(ramp().state()).isEqualTo(RampState.PAUSED);

        world.accept(new Command.ResumeRamp(RAMP));

        assertThat(world.share("orders")).isEqualTo(10_000);
        assertThat(ramp().step()).isZero();
        assertThat(ramp().stepAppliedTime()).isEmpty();
    }

    @Test
    void default_longest_soaks_follow_the_soak() {
        assertThat(RampSpec.Step.defaultMaxSoak(Duration.ZERO)).isEqualTo(Duration.ofMinutes(1));
        assertThat(RampSpec.Step.defaultMaxSoak(Duration.ofMinutes(1)))
                .isEqualTo(Duration.ofMinutes(10));
        assertThat(RampSpec.Step.defaultMaxSoak(Duration.ofDays(30)))
                .isEqualTo(Duration.ofDays(90));
    }

    @Test
    void a_node_is_known_from_its_first_connection_until_it_is_forgotten() {
        NodeName name = Fixtures.node("n1", "orders").name();
        world.accept(new Command.RegisterNode(Fixtures.node("n1", "orders")));
        assertThat(world.accept(new Command.RegisterNode(Fixtures.node("n1", "orders")))).isEmpty();
        assertThat(paths(new Command.ForgetNode(name))).containsExactly("name");
        world.accept(new Command.RegisterNode(Fixtures.node("n1", "customers")));

        world.accept(new Command.NodeLost(name));
        assertThat(world.accept(new Command.NodeLost(name))).isEmpty();
        assertThat(node(name).isLive()).as("lost counts as live").isTrue();
        world.accept(new Command.RegisterNode(Fixtures.node("n1", "customers")));
        assertThat(node(name).presence()).isEqualTo(Node.Presence.CONNECTED);
        world.accept(new Command.NodeLeft(name));
        assertThat(world.accept(new Command.NodeLeft(name))).isEmpty();
        assertThat(node(name).isLive()).isFalse();

        assertThat(paths(new Command.ForgetNode(name), Fixtures.admin().withReason("")))
                .containsExactly("reason");
        world.accept(new Command.ForgetNode(name));
        assertThat(world.catalog().node(name)).isEmpty();
        assertThat(paths(new Command.ForgetNode(name))).containsExactly("name");
        assertThat(world.accept(new Command.NodeLost(name))).isEmpty();
        assertThat(world.accept(new Command.NodeLeft(name))).isEmpty();
    }

    @Test
    void a_trip_that_moved_nothing_holds_nothing_up() {
        TripReport alarm =
                new TripReport(
                        "n/b/9",
                        new GateName("orders"),
                        new NodeName("n"),
                        "read",
                        Fixtures.START,
                        false);
        assertThat(world.accept(new Command.RecordTrip(alarm))).isEmpty();
    }

    private List<Event> start(int... shares) {
        return world.accept(
                new Command.CreateRamp(Fixtures.ramp("r", Fixtures.gateTarget("orders"), shares)));
    }

    private static Command create(String id, String gate, int share) {
        return new Command.CreateRamp(Fixtures.ramp(id, Fixtures.gateTarget(gate), share));
    }

    private void share(int share) {
        world.accept(
                new Command.SetShare(Fixtures.gateTarget("orders"), new PartsPerMillion(share)));
    }

    private void forbid() {
        Gate gate =
                Fixtures.content(
                        "orders",
                        "orders",
                        world.share("orders"),
                        "seed",
                        Mode.OFF,
                        Mode.COMPLETE,
                        TakeBack.FORBIDDEN);
        world.accept(
                new Command.UpdateGate(new GateSpec(gate, Description.NONE), BackMoves.REFUSED));
    }

    private Ramp ramp() {
        return world.ramp("r");
    }

    private Node node(NodeName name) {
        return world.catalog().node(name).orElseThrow();
    }

    private static RampSpec.Step step(int share, Duration soak, Duration maxSoak) {
        return new RampSpec.Step(
                new PartsPerMillion(share), soak, maxSoak, RampSpec.Advance.JUDGED);
    }

    private List<String> paths(Command command) {
        return paths(command, world.careful(command));
    }

    private List<String> paths(Command command, CommandContext context) {
        return world.refuse(command, context).stream()
                .map(refusal -> refusal.problem().path())
                .toList();
    }

    private List<String> got(Command command) {
        return got(command, world.careful(command));
    }

    private List<String> got(Command command, CommandContext context) {
        return world.refuse(command, context).stream()
                .map(refusal -> refusal.problem().got())
                .toList();
    }
}
