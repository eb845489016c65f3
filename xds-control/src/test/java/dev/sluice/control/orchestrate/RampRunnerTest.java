package dev.sluice.control.orchestrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.RampName;
import dev.sluice.contract.WindowName;
import dev.sluice.contract.gate.Arm;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Ramp;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.JudgedQuery;
import dev.sluice.control.change.JudgedStep;
import dev.sluice.control.change.MemoryEventStore;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.Queried;
import dev.sluice.control.change.RampState;
import dev.sluice.control.change.Recording;
import dev.sluice.control.change.Verdict;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.GateSetSpec;
import dev.sluice.control.change.spec.JudgePolicy;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.change.spec.RampSpec;
import dev.sluice.control.change.spec.RampSpec.Advance;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.change.spec.WindowSpec;
import dev.sluice.control.evidence.AppliedGates;
import dev.sluice.control.evidence.EvidenceTotals;
import dev.sluice.control.evidence.KeyCells;
import dev.sluice.control.evidence.LatencyHistogram;
import dev.sluice.control.evidence.NodeReport;
import dev.sluice.control.evidence.NodeReport.GateCounts;
import dev.sluice.control.evidence.Outcomes;
import dev.sluice.control.governance.Governance;
import dev.sluice.control.judge.KeyJudge;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.path.ChangePath;
import dev.sluice.control.path.Outcome;
import dev.sluice.control.path.Published;
import dev.sluice.testkit.ManualClock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A ramp over one sidecar, in virtual time and on one thread. */
class RampRunnerTest {
    private static final NodeName SIDECAR = new NodeName("web-1");
    private static final RampName RAMP = new RampName("r");
    private static final GateName GATE = new GateName("orders");
    private static final int KEYS = 10_000;

    private final ManualClock clock = new ManualClock();
    private final MemoryEventStore store = new MemoryEventStore();
    private final Map<NodeName, Long> accepted = new HashMap<>();
    private EvidenceTotals evidence = new EvidenceTotals();
    private ChangePath path = open();
    private RampRunner runner = runner();
    private List<JudgedQuery> asked = List.of();
    private Duration behind = Duration.ZERO;
    private int sequence;

    @BeforeEach
    void one_gate_one_route_and_one_sidecar() {
        give(new Command.CreateService(Fixtures.service("orders")));
        give(new Command.CreateVersion(Fixtures.version("orders", "v1")));
        give(new Command.CreateVersion(Fixtures.version("orders", "v2")));
        give(new Command.CreateGate(Fixtures.gate("orders", "orders", 0)));
        give(new Command.CreateRoute(Fixtures.routeToGate("orders", "all", "orders")));
        give(new Command.CreateService(Fixtures.service("web", 0, "orders")));
        register(Fixtures.node("web-1", "web"));
    }

    @Test
    void walks_all_steps_on_good_evidence_and_succeeds() {
        start(Advance.JUDGED, 50_000, 500_000, 990_000);
        List<Integer> shares = new ArrayList<>();

        for (int second = 0; second < 200 && ramp().state() == RampState.RUNNING; second++) {
            shares.add(share());
            report(0, 0);
            second();
        }

        assertThat(ramp().state()).isEqualTo(RampState.SUCCEEDED);
        assertThat(shares.stream().distinct()).containsExactly(50_000, 500_000, 990_000);
        assertThat(shares.stream().filter(share -> share == 50_000).count())
                .as("each step soaks its thirty seconds")
                .isGreaterThanOrEqualTo(30);
        assertThat(ramp().history())
                .extracting(Verdict::outcome)
                .containsOnly(Verdict.Outcome.NON_INFERIOR)
                .hasSize(3);
    }

    @Test
    void stays_at_its_step_in_hours_of_much_traffic_and_goes_on_after_them() {
        staysWhileOpen(WindowSpec.Kind.PEAK);
    }

    @Test
    void stays_at_its_step_in_a_freeze_and_goes_on_after_it() {
        staysWhileOpen(WindowSpec.Kind.FREEZE);
    }

    private void staysWhileOpen(WindowSpec.Kind kind) {
        LocalDateTime opens =
                LocalDateTime.ofInstant(clock.instant(), ZoneOffset.UTC).plusMinutes(1);
        give(
                new Command.CreateWindow(
                        new WindowSpec(
                                new WindowName("evening"),
                                Description.NONE,
                                kind,
                                opens,
                                "UTC",
                                Duration.ofHours(1),
                                Optional.empty(),
                                Optional.empty(),
                                List.of(),
                                List.of())));
        start(Advance.TIMED, 50_000, 500_000);
        report(0, 0);
        second();
        clock.advance(Duration.ofMinutes(2));
        int before = store.log().size();
        for (int second = 0; second < 50; second++) {
            report(0, 0);
            second();
        }

        assertThat(share()).isEqualTo(50_000);
        assertThat(ramp().state()).isEqualTo(RampState.RUNNING);
        assertThat(runner.waitsFor(ramp()))
                .hasValueSatisfying(why -> assertThat(why).contains("windows/evening"));
        assertThat(store.log().size())
                .as("nothing is written while it waits")
                .isLessThan(before + 3);

        clock.advance(Duration.ofHours(1));
        report(0, 0);
        second();
        second();
        assertThat(share()).isEqualTo(500_000);
    }

    @Test
    void a_step_that_waits_for_another_gate_writes_nothing_and_says_for_what() {
        give(new Command.CreateGate(Fixtures.gate("customers", "orders", 0)));
        GateSetSpec plain = Fixtures.set("shop", "orders");
        var after =
                new GateSetSpec.Prerequisite(
                        Fixtures.gateTarget("customers"),
                        new PartsPerMillion(100_000),
                        new PartsPerMillion(200_000));
        give(
                new Command.CreateGateSet(
                        new GateSetSpec(
                                plain.name(), plain.description(), plain.gates(), List.of(after))));
        ShareTarget target = Fixtures.setTarget("shop");
        give(new Command.CreateRamp(Fixtures.ramp("r", target, Advance.JUDGED, 50_000, 500_000)));
        for (int second = 0; second < 40; second++) {
            report(0, 0);
            second();
        }
        Ramp soaked = ramp();
        int before = store.log().size();

        for (int second = 0; second < 400; second++) {
            report(0, 0);
            second();
        }

        assertThat(ramp()).as("as it was, so that its etag holds").isEqualTo(soaked);
        assertThat(store.log()).hasSize(before);
        assertThat(runner.waitsFor(soaked))
                .hasValueSatisfying(why ->
                        assertThat(why)
                                .startsWith("the next step waits: target")
                                .contains("gates/customers is at [0 % of OFF to COMPLETE]")
                                .endsWith("bring gates/customers to 20 % first"));

        GateName customers = new GateName("customers");
        String etag = path.feed().latest().gate(customers).orElseThrow().meta().etag();
        give(
                new Command.SetShare(
                        new ShareTarget.OfGate(customers), new PartsPerMillion(200_000)),
                Fixtures.admin().withEtag(etag));
        give(new Command.PauseRamp(RAMP));
        assertThat(runner.waitsFor(ramp())).as("of the ramp as it was").isEmpty();
        give(new Command.ResumeRamp(RAMP));
        second();
        assertThat(share()).isEqualTo(500_000);
        assertThat(ramp().history()).hasSize(1);
        assertThat(runner.waitsFor(ramp())).isEmpty();
    }

    @Test
    void a_clock_that_jumps_back_ends_no_step_early_and_one_that_is_right_again_ends_it() {
        start(Advance.TIMED, 50_000, 500_000);
        report(0, 0);
        second();
        behind = Duration.ofHours(1);
        for (int second = 0; second < 60; second++) {
            report(0, 0);
            second();
        }

        assertThat(share()).isEqualTo(50_000);
        assertThat(ramp().state()).isEqualTo(RampState.RUNNING);

        behind = Duration.ZERO;
        report(0, 0);
        second();
        second();
        assertThat(share()).isEqualTo(500_000);
    }

    @Test
    void waits_until_every_live_node_reports_the_step_applied() {
        register(Fixtures.node("web-2", "web"));
        start(Advance.TIMED, 50_000, 500_000);

        for (int second = 0; second < 100; second++) {
            report(0, 0);
            second();
        }
        assertThat(ramp().stepAppliedTime()).as("web-2 is silent").isEmpty();
        assertThat(share()).isEqualTo(50_000);

        tell(new Command.NodeLeft(new NodeName("web-2")));
        second();
        assertThat(ramp().stepAppliedTime()).isPresent();
    }

    @Test
    void takes_back_when_the_new_arm_is_worse() {
        start(Advance.TIMED, 50_000, 500_000);
        report(0, 0);
        second();

        report(60, 20);
        second();

        assertThat(ramp().state()).isEqualTo(RampState.ROLLED_BACK);
        assertThat(share()).isZero();
        assertThat(ramp().message()).contains("an error");
        assertThat(runner.verdict(RAMP))
                .hasValueSatisfying(verdict ->
                        assertThat(verdict.outcome()).isEqualTo(Verdict.Outcome.DEGRADED));
        second();
        assertThat(runner.verdict(RAMP)).as("an ended ramp").isEmpty();
    }

    @Test
    void without_evidence_asks_a_person_after_the_longest_soak() {
        start(Advance.JUDGED, 50_000, 500_000);
        for (int second = 0; second < 320; second++) {
            heartbeat();
            second();
            if (second < 290) {
                assertThat(ramp().state()).isEqualTo(RampState.RUNNING);
            }
        }

        assertThat(ramp().state()).isEqualTo(RampState.WAITING_FOR_APPROVAL);
        assertThat(ramp().message()).contains("longest soak is over").contains("no request");
        give(new Command.AdvanceRamp(RAMP), Fixtures.admin().withEtag(ramp().meta().etag()));
        assertThat(share()).isEqualTo(500_000);
    }

    @Test
    void an_approved_step_waits_for_a_person_after_its_soak() {
        start(Advance.APPROVED, 50_000, 500_000);
        for (int second = 0; second < 35; second++) {
            report(0, 0);
            second();
        }
        assertThat(ramp().state()).isEqualTo(RampState.WAITING_FOR_APPROVAL);
        assertThat(share()).isEqualTo(50_000);
    }

    @Test
    void a_trip_takes_the_ramp_back() {
        start(Advance.JUDGED, 50_000, 500_000);
        report(0, 0);
        second();
        tell(new Command.RecordTrip(Fixtures.trip("orders", 1)));

        second();

        assertThat(ramp().state()).isEqualTo(RampState.ROLLED_BACK);
        assertThat(ramp().message()).contains("n/b/1");
        assertThat(share()).isZero();
    }

    @Test
    void a_paused_ramp_holds_and_is_still_taken_back() {
        start(Advance.TIMED, 50_000, 500_000);
        report(0, 0);
        second();
        give(new Command.PauseRamp(RAMP));
        for (int second = 0; second < 60; second++) {
            report(0, 0);
            second();
        }
        assertThat(share()).isEqualTo(50_000);

        report(60, 20);
        second();
        assertThat(ramp().state()).isEqualTo(RampState.ROLLED_BACK);
    }

    @Test
    void what_a_metrics_server_says_takes_back_and_stands_in_the_record() {
        RampSpec plain = Fixtures.ramp("r", Fixtures.gateTarget("orders"), Advance.JUDGED, 50_000);
        give(new Command.CreateRamp(Queried.ramp(plain)));
        report(0, 0);
        second();
        second();
        assertThat(ramp().verdict().orElseThrow().explanation()).contains("lag of gates/orders");

        asked = List.of(Queried.answers(GATE, clock.instant(), 7.5, 7.5));
        report(0, 0);
        second();

        assertThat(ramp().state()).isEqualTo(RampState.ROLLED_BACK);
        assertThat(ramp().message()).contains("lag of gates/orders: 7.5");
        Verdict verdict = ramp().verdict().orElseThrow();
        assertThat(new KeyJudge().judge(verdict.record().orElseThrow())).isEqualTo(verdict);
    }

    @Test
    void silent_sidecars_hold_a_judged_step() {
        start(Advance.JUDGED, 50_000, 500_000);
        report(0, 0);
        second();
        for (int second = 0; second < 60; second++) {
            second(); // no report any more
        }
        assertThat(share()).isEqualTo(50_000);
        assertThat(ramp().verdict().orElseThrow().outcome()).isEqualTo(Verdict.Outcome.INVALID);
    }

    /** The control plane is killed and started anew after every single tick. */
    @Test
    void restarts_at_any_moment_do_no_step_twice_and_lose_none() {
        start(Advance.JUDGED, 50_000, 500_000, 990_000);
        List<Integer> shares = new ArrayList<>();

        for (int second = 0; second < 200 && ramp().state() == RampState.RUNNING; second++) {
            shares.add(share());
            evidence = new EvidenceTotals();
            path = open();
            runner = runner();
            report(0, 0);
            second();
        }

        assertThat(ramp().state()).isEqualTo(RampState.SUCCEEDED);
        assertThat(shares.stream().distinct()).containsExactly(50_000, 500_000, 990_000);
    }

    @Test
    void a_failing_store_delays_and_breaks_nothing() {
        start(Advance.TIMED, 50_000, 500_000);
        store.be(MemoryEventStore.Mood.FAILING);
        for (int second = 0; second < 60; second++) {
            report(0, 0);
            second();
        }
        assertThat(share()).isEqualTo(50_000);

        store.be(MemoryEventStore.Mood.WELL);
        for (int second = 0; second < 60; second++) {
            report(0, 0);
            second();
        }
        assertThat(share()).isEqualTo(500_000);
    }

    @Test
    void stock_proxies_lag_until_they_accepted_what_a_gate_was_rendered_into() {
        NodeSpec sluice = Fixtures.node("envoy-1", "web");
        NodeName envoy = sluice.name();
        register(
                new NodeSpec(
                        envoy,
                        "web",
                        Optional.empty(),
                        Optional.empty(),
                        NodeSpec.Kind.ENVOY,
                        "envoy",
                        0,
                        ""));
        register(Fixtures.node("other-1", "orders")); // calls nothing, holds no gate
        report(0, 0);
        List<GateState> gates = List.of(gate());
        long present = gate().presentEntry().seq();

        accepted.put(envoy, present - 1);
        assertThat(fleet().lagging(path.feed().latest(), gates)).containsExactly(envoy);
        accepted.put(envoy, present);
        assertThat(fleet().lagging(path.feed().latest(), gates)).isEmpty();
        assertThat(fleet().silent(path.feed().latest(), gates, clock.instant())).isEmpty();
        clock.advance(Duration.ofSeconds(11));
        assertThat(fleet().silent(path.feed().latest(), gates, clock.instant()))
                .containsExactly(SIDECAR);
    }

    @Test
    void a_hundred_percent_is_judged_against_what_was_recorded_before_the_ramp() {
        report(0, 1_000);
        record();
        RampSpec plain = Fixtures.ramp("r", Fixtures.gateTarget("orders"), 990_000, 1_000_000);
        JudgePolicy lenient = new JudgePolicy(10_000, 100_000, 100, false, List.of(), List.of());
        give(
                new Command.CreateRamp(
                        new RampSpec(
                                plain.name(),
                                plain.target(),
                                plain.steps(),
                                Fixtures.against(lenient, "before"),
                                Optional.empty())));
        for (int second = 0; second < 200 && ramp().state() == RampState.RUNNING; second++) {
            report(share() == 1_000_000 ? 800 : 0, 0);
            second();
        }

        assertThat(ramp().state())
                .as("legacy without an error in the steps is not what it is compared with")
                .isEqualTo(RampState.SUCCEEDED);
        JudgedStep last = ramp().history().getLast().record().orElseThrow();
        assertThat(last.baseline()).isEmpty();
        assertThat(last.recorded())
                .singleElement()
                .satisfies(recorded -> {
                    assertThat(recorded.own().errorKeys()).isEqualTo(1_000);
                    assertThat(recorded.source()).startsWith("baselines/before of ");
                });
        assertThat(ramp().history().getFirst().record().orElseThrow().recorded()).isEmpty();
    }

    @Test
    void no_share_goes_to_a_hundred_percent_by_a_baseline_that_became_too_old() {
        report(0, 0);
        record();
        ShareTarget target = Fixtures.gateTarget("orders");
        give(
                new Command.CreateRamp(
                        Fixtures.against(
                                Fixtures.ramp("r", target, Advance.TIMED, 990_000, 1_000_000),
                                "before")));
        report(0, 0);
        second();
        clock.advance(Duration.ofDays(15));
        for (int second = 0; second < 40; second++) {
            report(0, 0);
            second();
        }
        assertThat(share()).isEqualTo(990_000);
        assertThat(runner.waitsFor(ramp()))
                .hasValueSatisfying(
                        why -> assertThat(why).contains("sluice baseline record before"));

        record();
        second();
        second();
        assertThat(share()).as("LEGACY still answers, and was recorded again").isEqualTo(1_000_000);
    }

    private void record() {
        Catalog now = path.feed().latest();
        Recording recording =
                new LegacyRecorder(evidence, clock).record(now, Fixtures.gateTarget("orders"));
        give(new Command.RecordBaseline(Fixtures.baseline("before", "orders"), recording));
    }

    private ChangePath open() {
        return ChangePath.open(
                store, Governance.embedded(), new Published(), this::fleet, Runnable::run);
    }

    private FleetReport fleet() {
        return new FleetReport(evidence.applied(), evidence.lastHeard(), accepted);
    }

    private RampRunner runner() {
        return new RampRunner(
                path,
                this::fleet,
                evidence,
                new KeyJudge(),
                (_, _) -> asked,
                () -> clock.instant().minus(behind));
    }

    private void start(Advance advance, int... shares) {
        ShareTarget target = Fixtures.gateTarget("orders");
        give(new Command.CreateRamp(Fixtures.ramp("r", target, advance, shares)));
    }

    private void second() {
        clock.advance(Duration.ofSeconds(1));
        runner.tick();
    }

    private void heartbeat() {
        evidence.accept(
                new NodeReport(
                        SIDECAR,
                        "boot",
                        ++sequence,
                        List.of(),
                        List.of(),
                        decided(),
                        List.of(),
                        List.of(),
                        false),
                clock.instant());
    }

    /** All keys have come under the present revision, as the share divides them. */
    private void report(int newErrors, int legacyErrors) {
        long newKeys = (long) KEYS * share() / 1_000_000;
        evidence.accept(
                new NodeReport(
                        SIDECAR,
                        "boot",
                        ++sequence,
                        List.of(
                                counts(Arm.NEW, newKeys, newErrors),
                                counts(Arm.LEGACY, KEYS - newKeys, legacyErrors)),
                        List.of(),
                        decided(),
                        List.of(),
                        List.of(),
                        false),
                clock.instant());
    }

    private GateCounts counts(Arm arm, long keys, int errors) {
        long[] cells = new long[KeyCells.CELLS];
        cells[0] = keys;
        Set<Long> first = new HashSet<>();
        for (long key = 0; key < errors; key++) {
            first.add((arm == Arm.NEW ? KEYS : 0) + key);
        }
        return new GateCounts(
                GATE,
                gate().revision(),
                arm,
                "read",
                new Outcomes(keys, keys - errors, 0, errors, 0, 0, 0, 0),
                Outcomes.NONE,
                0,
                LatencyHistogram.EMPTY,
                KeyCells.of(cells),
                first,
                Set.of(),
                0);
    }

    /** As the xDS side says it. */
    private void tell(Command command) {
        CommandContext context = CommandContext.of(Principal.NODES, clock.instant());
        assertThat(path.submit(command, context).join()).isInstanceOf(Outcome.Accepted.class);
    }

    private void register(NodeSpec node) {
        tell(new Command.RegisterNode(node));
    }

    private void give(Command command) {
        give(command, Fixtures.admin());
    }

    private void give(Command command, CommandContext context) {
        CommandContext now =
                new CommandContext(
                        context.caller(),
                        context.requestId(),
                        context.reason(),
                        context.validation(),
                        context.etag(),
                        clock.instant());
        assertThat(path.submit(command, now).join())
                .as(command.toString())
                .isInstanceOf(Outcome.Accepted.class);
    }

    private Ramp ramp() {
        return path.feed().latest().ramp(RAMP).orElseThrow();
    }

    private GateState gate() {
        return path.feed().latest().gate(GATE).orElseThrow();
    }

    private int share() {
        return gate().content().share().value();
    }

    private AppliedGates decided() {
        return AppliedGates.NONE.next(
                Map.of(GATE, new AppliedGates.Applied(gate().revision(), clock.instant())));
    }
}
