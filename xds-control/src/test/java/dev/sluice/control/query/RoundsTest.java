package dev.sluice.control.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Ramp;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.JudgedQuery;
import dev.sluice.control.change.JudgedQuery.Look;
import dev.sluice.control.change.JudgedStep;
import dev.sluice.control.change.JudgedStep.JudgedArm;
import dev.sluice.control.change.JudgedStep.JudgedGate;
import dev.sluice.control.change.MemoryEventStore;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.Queried;
import dev.sluice.control.change.spec.Criterion.Against;
import dev.sluice.control.change.spec.Criterion.OnBreach;
import dev.sluice.control.change.spec.QueryCriterion.Bound;
import dev.sluice.control.change.spec.QueryCriterion.Limit;
import dev.sluice.control.change.spec.RampSpec.Advance;
import dev.sluice.control.governance.Governance;
import dev.sluice.control.judge.KeyJudge;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.path.ChangePath;
import dev.sluice.control.path.Outcome;
import dev.sluice.control.path.Published;
import dev.sluice.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rounds over one gate, in virtual time; what is asked runs when the test says so. */
class RoundsTest {
    private static final Limit BESIDE =
            Queried.limit(Against.LEGACY, Bound.AT_MOST, OnBreach.ROLL_BACK);
    private static final Limit ALONE =
            Queried.limit(Against.NOTHING, Bound.AT_MOST, OnBreach.ROLL_BACK);

    private final ManualClock clock = new ManualClock();
    private final List<String> asked = new ArrayList<>();
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private final ChangePath path =
            ChangePath.open(
                    new MemoryEventStore(),
                    Governance.embedded(),
                    new Published(),
                    () -> FleetReport.SILENT,
                    Runnable::run);
    private Duration serverLag = Duration.ZERO;
    private final Rounds rounds =
            new Rounds(
                    (_, query, _) -> {
                        asked.add(query);
                        return new Reply.Value(asked.size(), clock.instant().minus(serverLag));
                    },
                    clock,
                    waiting::add);

    @BeforeEach
    void one_gate() {
        give(new Command.CreateService(Fixtures.service("orders")));
        give(new Command.CreateVersion(Fixtures.version("orders", "v1")));
        give(new Command.CreateVersion(Fixtures.version("orders", "v2")));
        give(new Command.CreateGate(Fixtures.gate("orders", "orders", 0)));
    }

    @Test
    void asks_both_arms_from_when_the_step_is_applied_and_looks_back_no_further() {
        start(BESIDE, 50_000);
        advance(60);
        assertThat(waiting).as("the step is not applied").isEmpty();

        apply();
        advance(0);
        assertThat(waiting).as("nothing to look back at").isEmpty();
        advance(7);
        run();

        assertThat(asked).containsExactly("lag{version=\"v2\"}[7s]", "lag{version=\"v1\"}[7s]");
        assertThat(looks())
                .containsExactly(new Look(clock.instant(), Optional.of(2.0), Optional.of(1.0), ""));
        advance(500);
        run();
        assertThat(asked).element(2).isEqualTo("lag{version=\"v2\"}[60s]");
    }

    @Test
    void a_round_waits_for_the_interval_and_for_the_round_before_and_the_newest_are_kept() {
        start(ALONE, 50_000);
        apply();
        advance(1);
        assertThat(waiting).hasSize(1);
        advance(100);
        assertThat(waiting).as("the first is under way").hasSize(1);
        run();
        advance(0);
        run();
        advance(9);
        assertThat(waiting).as("too soon").isEmpty();
        advance(1);
        run();

        assertThat(looks())
                .extracting(Look::fresh)
                .containsExactly(Optional.of(2.0), Optional.of(3.0));
        assertThat(looks()).extracting(Look::legacy).containsOnly(Optional.empty());
    }

    @Test
    void another_step_begins_with_nothing() {
        start(ALONE, 50_000, 500_000);
        apply();
        advance(1);
        Runnable late = waiting.removeFirst();
        next();
        advance(1);
        late.run();
        assertThat(looks()).as("the late answer is of the step before").isEmpty();

        give(new Command.PauseRamp(ramp().name()));
        apply();
        advance(1);
        run();
        assertThat(looks()).hasSize(1);
        give(new Command.AbortRamp(ramp().name()));
        advance(20);
        assertThat(waiting).as("the ramp has ended").isEmpty();
    }

    @Test
    void an_answer_for_another_time_is_none() {
        serverLag = Duration.ofSeconds(31);
        start(ALONE, 50_000);
        apply();
        advance(1);
        run();

        assertThat(looks().getFirst().fresh()).isEmpty();
        assertThat(looks().getFirst().trouble()).contains("of the new arm: its value is of");
    }

    @Test
    void without_a_share_legacy_has_the_last_value_of_the_steps_before() {
        start(BESIDE, 500_000, 1_000_000);
        apply();
        advance(1);
        run();
        JudgedQuery before = rounds.looks(catalog(), ramp()).getFirst();
        judge(before);
        next();
        apply();
        advance(1);
        run();

        assertThat(asked).as("only the new arm is asked again").hasSize(3);
        assertThat(looks().getFirst().legacy()).isEqualTo(before.looks().getFirst().legacy());
        assertThat(looks().getFirst().legacy()).isPresent();
    }

    @Test
    void without_a_share_and_without_a_value_before_there_is_no_data() {
        start(BESIDE, 1_000_000);
        apply();
        advance(1);
        run();

        assertThat(looks().getFirst().legacy()).isEmpty();
        assertThat(looks().getFirst().trouble()).contains("no step before had a value");
    }

    private void start(Limit limit, int... shares) {
        give(
                new Command.CreateRamp(
                        Queried.ramp(
                                Fixtures.ramp(
                                        "r", Fixtures.gateTarget("orders"), Advance.JUDGED, shares),
                                limit)));
    }

    private void apply() {
        tell(new Command.ConfirmStep(ramp().name(), ramp().step()));
    }

    private void next() {
        give(
                new Command.AdvanceRamp(ramp().name()),
                Fixtures.admin().withEtag(ramp().meta().etag()));
    }

    /** Records a verdict that was made from an answer. */
    private void judge(JudgedQuery query) {
        JudgedStep step =
                new JudgedStep(
                        ramp().step(),
                        2,
                        ramp().currentStep().share(),
                        ramp().spec().judge(),
                        clock.instant(),
                        List.of(
                                new JudgedGate(
                                        query.gate(),
                                        new GateRevision(1, 1),
                                        JudgedArm.NONE,
                                        JudgedArm.NONE)),
                        List.of(),
                        0,
                        List.of(),
                        Optional.empty(),
                        List.of(query),
                        List.of());
        tell(new Command.RecordVerdict(ramp().name(), new KeyJudge().judge(step)));
    }

    private void advance(int seconds) {
        clock.advance(Duration.ofSeconds(seconds));
        rounds.tick(catalog());
    }

    private void run() {
        while (!waiting.isEmpty()) {
            waiting.removeFirst().run();
        }
    }

    private List<Look> looks() {
        return rounds.looks(catalog(), ramp()).stream()
                .flatMap(query -> query.looks().stream())
                .toList();
    }

    private Catalog catalog() {
        return path.feed().latest();
    }

    private Ramp ramp() {
        return catalog()
                .ramp(Fixtures.ramp("r", Fixtures.gateTarget("orders"), 1).name())
                .orElseThrow();
    }

    private void tell(Command command) {
        give(command, CommandContext.of(Principal.ORCHESTRATOR, clock.instant()));
    }

    private void give(Command command) {
        give(command, Fixtures.admin());
    }

    private void give(Command command, CommandContext context) {
        var now =
                new CommandContext(
                        context.caller(),
                        context.requestId(),
                        context.reason().isEmpty() ? "a test" : context.reason(),
                        context.validation(),
                        context.etag(),
                        clock.instant());
        assertThat(path.submit(command, now).join())
                .as(command.toString())
                .isInstanceOf(Outcome.Accepted.class);
    }
}
