package dev.sluice.control.orchestrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.OperationName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.RampName;
import dev.sluice.control.catalog.Operation;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Digest;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.MemoryEventStore;
import dev.sluice.control.change.OperationOrder;
import dev.sluice.control.change.OperationOutcome;
import dev.sluice.control.change.OperationOutcome.Cause;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.RampState;
import dev.sluice.control.change.spec.OperationSpec;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.governance.Governance;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.path.ChangePath;
import dev.sluice.control.path.Outcome;
import dev.sluice.control.path.Published;
import dev.sluice.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Operations over a real change path, on one thread; time passes when the test says so. */
class OperationRunnerTest {
    private static final ShareTarget ORDERS = Fixtures.gateTarget("orders");
    private static final Duration DWELL = Duration.ofMinutes(1);
    private static final OperationName NAME = new OperationName("op-1");
    private static final OperationOutcome.BackedUp BACKUP =
            new OperationOutcome.BackedUp("/b/op-1", "127.0.0.1:1", 8, Digest.ZERO, 9);

    private final ManualClock clock = new ManualClock();
    private final MemoryEventStore store = new MemoryEventStore();
    private final List<OperationName> backups = new ArrayList<>();
    private ChangePath path = open();
    private OperationRunner runner = runner();

    private ChangePath open() {
        return ChangePath.open(
                store,
                Governance.embedded(),
                new Published(),
                () -> FleetReport.SILENT,
                Runnable::run);
    }

    private OperationRunner runner() {
        return new OperationRunner(
                path,
                (first, limit) ->
                        CompletableFuture.completedFuture(
                                store.log()
                                        .subList(
                                                (int) first - 1,
                                                Math.min(
                                                        (int) first - 1 + limit,
                                                        store.log().size()))),
                name -> {
                    backups.add(name);
                    return BACKUP;
                },
                Runnable::run,
                clock);
    }

    /** As a new process finds it: with the log and nothing else. */
    private void restart() {
        path = open();
        runner = runner();
    }

    @BeforeEach
    void a_ramp_at_its_first_step_of_80_percent() {
        accept(new Command.CreateService(Fixtures.service("orders")));
        accept(new Command.CreateVersion(Fixtures.version("orders", "v1")));
        accept(new Command.CreateVersion(Fixtures.version("orders", "v2")));
        accept(new Command.CreateGate(Fixtures.gate("orders", "orders", 0)));
        accept(new Command.CreateRamp(Fixtures.ramp("r", ORDERS, 800_000)));
    }

    private CommandContext context(Command command) {
        var context =
                CommandContext.of(Fixtures.admin().principal(), clock.instant()).withReason("slow");
        return command instanceof Command.SetShare
                ? context.withEtag(
                        path.feed().latest().find("gates/orders").orElseThrow().meta().etag())
                : context;
    }

    private void accept(Command command) {
        assertThat(path.submit(command, context(command)).join())
                .isInstanceOf(Outcome.Accepted.class);
    }

    private Outcome order(OperationOrder order) {
        var command = new Command.OfOperation(order);
        return path.submit(command, context(command)).join();
    }

    private void begin(OperationSpec.Work work) {
        assertThat(order(new OperationOrder.Begin(new OperationSpec(NAME, work))))
                .isInstanceOf(Outcome.Accepted.class);
    }

    private static OperationSpec.RollBack back(int... shares) {
        return new OperationSpec.RollBack(
                ORDERS,
                IntStream.concat(Arrays.stream(shares), IntStream.of(0))
                        .mapToObj(PartsPerMillion::new)
                        .toList(),
                DWELL);
    }

    private void pass(Duration time) {
        clock.advance(time);
        runner.tick();
    }

    private Operation operation() {
        return path.feed().latest().operation(NAME).orElseThrow();
    }

    private Optional<OperationOutcome> outcome() {
        return operation().outcome();
    }

    private int share() {
        return path.feed()
                .latest()
                .gate(new GateName("orders"))
                .orElseThrow()
                .content()
                .share()
                .value();
    }

    private RampState ramp() {
        return path.feed().latest().ramp(new RampName("r")).orElseThrow().state();
    }

    private Stream<String> reasonsOf(Principal principal) {
        return store.log().stream()
                .map(LoggedEvent::stamp)
                .filter(stamp -> stamp.principal().equals(principal))
                .map(stamp -> stamp.reason())
                .distinct();
    }

    @Test
    void each_share_stays_for_its_time_and_the_last_one_ends_the_ramp() {
        begin(back(250_000, 50_000));
        assertThat(share()).as("at once").isEqualTo(250_000);
        assertThat(ramp()).isEqualTo(RampState.PAUSED);
        pass(DWELL.minusMillis(1));
        assertThat(share()).isEqualTo(250_000);
        pass(Duration.ofMillis(1));
        assertThat(share()).isEqualTo(50_000);
        assertThat(operation().steps()).isEqualTo(2);
        runner.tick();
        assertThat(share()).isEqualTo(50_000);
        pass(DWELL);

        assertThat(share()).isZero();
        assertThat(ramp()).isEqualTo(RampState.ROLLED_BACK);
        assertThat(outcome()).contains(new OperationOutcome.RolledBack());
        assertThat(reasonsOf(Principal.ORCHESTRATOR))
                .containsExactly(
                        "step 2 of 3, begun by admin: slow", "step 3 of 3, begun by admin: slow");
    }

    @Test
    void a_restart_gives_the_next_step_when_it_is_due_and_none_twice() {
        begin(back(250_000, 50_000));
        pass(DWELL);
        restart();
        assertThat(operation().isRunning()).isTrue();
        assertThat(operation().steps()).isEqualTo(2);
        pass(DWELL.minusMillis(1));
        assertThat(share()).isEqualTo(50_000);
        assertThat(order(new OperationOrder.Step(NAME, 1)))
                .as("a step is the orchestrator's")
                .isInstanceOf(Outcome.Refused.class);
        var late = new Command.OfOperation(new OperationOrder.Step(NAME, 1));
        long end = path.feed().latest().seq();
        assertThat(
                        path.submit(
                                        late,
                                        CommandContext.of(Principal.ORCHESTRATOR, clock.instant()))
                                .join())
                .isInstanceOf(Outcome.Accepted.class);
        assertThat(path.feed().latest().seq()).as("it was done before").isEqualTo(end);
        pass(Duration.ofMillis(1));

        assertThat(share()).isZero();
        assertThat(outcome()).contains(new OperationOutcome.RolledBack());
        restart();
        assertThat(outcome()).as("told after it too").contains(new OperationOutcome.RolledBack());
    }

    @Test
    void it_ends_where_somebody_else_moves_the_share_and_leaves_it() {
        begin(back(250_000));
        accept(new Command.SetShare(ORDERS, new PartsPerMillion(100_000)));
        pass(DWELL);

        assertThat(share()).isEqualTo(100_000);
        assertThat(outcome())
                .contains(
                        new OperationOutcome.Failed(
                                Cause.ABORTED,
                                "the share is 10 % before step 2: somebody else moved it"));
    }

    @Test
    void what_was_cancelled_takes_no_further_step() {
        begin(back(250_000));
        assertThat(order(new OperationOrder.Cancel(NAME))).isInstanceOf(Outcome.Accepted.class);
        pass(DWELL);

        assertThat(share()).isEqualTo(250_000);
        assertThat(outcome())
                .contains(new OperationOutcome.Failed(Cause.CANCELLED, "cancelled by admin"));
    }

    @Test
    void a_store_that_is_away_holds_a_step_up_for_as_long_as_it_is() {
        begin(back(250_000));
        store.be(MemoryEventStore.Mood.FAILING);
        pass(DWELL);
        pass(Duration.ofMinutes(30));
        assertThat(share()).isEqualTo(250_000);
        assertThat(operation().isRunning()).isTrue();
        store.be(MemoryEventStore.Mood.WELL);
        pass(Duration.ZERO);

        assertThat(share()).isZero();
        assertThat(outcome()).contains(new OperationOutcome.RolledBack());
    }

    @Test
    void a_gate_that_is_gone_ends_it() {
        begin(back(250_000));
        accept(new Command.AbortRamp(new RampName("r")));
        accept(new Command.DeleteGate(new GateName("orders")));
        pass(DWELL);

        assertThat(outcome())
                .contains(new OperationOutcome.Failed(Cause.ABORTED, "gates/orders is gone"));
    }

    @Test
    void a_log_is_verified_up_to_where_it_was_asked_for_anew_after_a_restart() {
        begin(new OperationSpec.VerifyLog());
        accept(new Command.CreateService(Fixtures.service("later")));
        restart();
        runner.tick();

        assertThat(outcome().orElseThrow())
                .isInstanceOfSatisfying(
                        OperationOutcome.LogVerified.class,
                        verified -> {
                            assertThat(verified.seq()).isEqualTo(operation().begun());
                            assertThat(verified.problems()).isEmpty();
                        });
    }

    @Test
    void a_backup_is_written_once_and_recorded_when_the_store_is_back() {
        begin(new OperationSpec.BackUpLog());
        store.be(MemoryEventStore.Mood.FAILING);
        runner.tick();
        runner.tick();
        assertThat(operation().isRunning()).isTrue();
        store.be(MemoryEventStore.Mood.WELL);
        runner.tick();

        assertThat(outcome()).contains(BACKUP);
        assertThat(backups).containsExactly(NAME);
    }

    @Test
    void another_leader_takes_over_and_this_one_does_nothing_more() {
        begin(new OperationSpec.BackUpLog());
        runner.rest();
        assertThat(backups).isEmpty();
        OperationRunner other = runner();
        other.tick();

        assertThat(outcome()).contains(BACKUP);
        assertThat(runner.progress(NAME)).isZero();
    }
}
