package dev.sluice.control.admin.operation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.sluice.contract.GateName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.RampName;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.MemoryEventStore;
import dev.sluice.control.change.RampState;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.governance.Governance;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.path.ChangePath;
import dev.sluice.control.path.Outcome;
import dev.sluice.control.path.Published;
import dev.sluice.testkit.ManualClock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys go back in steps over a real change path; time passes when the test says so. */
class GradualRollbackTest {
    private static final ShareTarget ORDERS = Fixtures.gateTarget("orders");
    private static final Duration DWELL = Duration.ofMinutes(1);

    private final ManualClock clock = new ManualClock();
    private final MemoryEventStore store = new MemoryEventStore();
    private final ChangePath path =
            ChangePath.open(
                    store,
                    Governance.embedded(),
                    new Published(),
                    () -> FleetReport.SILENT,
                    Runnable::run);

    /** How many commands from now on find the store away. */
    private int away;

    private Running running = Running.begin(GradualRollback.KIND, ORDERS.name(), "ada", 0, clock);

    @BeforeEach
    void a_ramp_at_its_first_step_of_80_percent() {
        accept(new Command.CreateService(Fixtures.service("orders")));
        accept(new Command.CreateVersion(Fixtures.version("orders", "v1")));
        accept(new Command.CreateVersion(Fixtures.version("orders", "v2")));
        accept(new Command.CreateGate(Fixtures.gate("orders", "orders", 0)));
        accept(new Command.CreateRamp(Fixtures.ramp("r", ORDERS, 800_000)));
    }

    private void accept(Command command) {
        String etag =
                path.feed()
                        .latest()
                        .find("gates/orders")
                        .map(gate -> gate.meta().etag())
                        .orElse("");
        var context = Fixtures.admin();
        Outcome outcome =
                path.submit(
                                command,
                                command instanceof Command.SetShare
                                        ? context.withEtag(etag)
                                        : context)
                        .join();
        assertThat(outcome).isInstanceOf(Outcome.Accepted.class);
    }

    private void begin(int... shares) {
        var plan =
                new RollbackPlan(
                        ORDERS,
                        Stream.concat(
                                        Arrays.stream(shares).mapToObj(PartsPerMillion::new),
                                        Stream.of(PartsPerMillion.NONE))
                                .toList(),
                        DWELL);
        running =
                Running.begin(
                        GradualRollback.KIND, ORDERS.name(), "ada", plan.shares().size(), clock);
        new GradualRollback(
                        running,
                        plan,
                        path.feed()::latest,
                        (command, context) ->
                                away-- > 0
                                        ? CompletableFuture.completedFuture(unavailable())
                                        : path.submit(command, context),
                        words -> Fixtures.admin().withReason(words + ": slow"),
                        (delay, action) -> clock.schedule(delay, action))
                .goOn();
    }

    private static Outcome unavailable() {
        return new Outcome.Refused(
                List.of(
                        Refusal.of(
                                Refusal.Kind.UNAVAILABLE,
                                "store",
                                "no connection",
                                "a store",
                                "wait")));
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

    @Test
    void each_share_stays_for_its_time_and_the_last_one_ends_the_ramp() {
        begin(250_000, 50_000);
        assertThat(share()).isEqualTo(250_000);
        assertThat(ramp()).isEqualTo(RampState.PAUSED);
        clock.advance(DWELL.minusMillis(1));
        assertThat(share()).isEqualTo(250_000);
        clock.advance(Duration.ofMillis(1));
        assertThat(share()).isEqualTo(50_000);
        assertThat(running.now().getMetadata().getProgress()).isEqualTo(2);
        assertThat(running.isDone()).isFalse();
        clock.advance(DWELL);

        assertThat(share()).isZero();
        assertThat(ramp()).isEqualTo(RampState.ROLLED_BACK);
        assertThat(running.now().getRolledBack().getSharesPpmList())
                .containsExactly(250_000, 50_000, 0);
        assertThat(store.log().stream().map(LoggedEvent::stamp).map(stamp -> stamp.reason()))
                .contains("step 1 of 3: slow", "step 3 of 3: slow");
        assertThat(clock.scheduled()).isZero();
    }

    @Test
    void it_ends_where_somebody_else_moves_the_share_and_leaves_it() {
        begin(250_000);
        accept(new Command.SetShare(ORDERS, new PartsPerMillion(100_000)));
        clock.advance(DWELL);

        assertThat(share()).isEqualTo(100_000);
        assertThat(running.now().getError().getCode()).isEqualTo(Code.ABORTED.getNumber());
        assertThat(running.now().getError().getMessage()).contains("10 %", "somebody else");
    }

    @Test
    void it_never_raises_a_share() {
        accept(new Command.SetShare(ORDERS, new PartsPerMillion(100_000)));
        begin(250_000);

        assertThat(share()).isEqualTo(100_000);
        assertThat(running.now().getError().getCode()).isEqualTo(Code.ABORTED.getNumber());
    }

    @Test
    void what_was_cancelled_takes_no_further_step() {
        begin(250_000);
        running.cancel();
        clock.advance(DWELL);

        assertThat(share()).isEqualTo(250_000);
        assertThat(running.now().getError().getCode()).isEqualTo(Code.CANCELLED.getNumber());
    }

    @Test
    void a_store_that_is_away_for_a_while_holds_a_step_up() {
        begin(250_000);
        away = 3;
        clock.advance(DWELL);
        assertThat(share()).isEqualTo(250_000);
        assertThat(running.isDone()).isFalse();
        clock.advance(DWELL);

        assertThat(share()).isZero();
        assertThat(running.now().hasRolledBack()).isTrue();
    }

    @Test
    void a_store_that_does_not_come_back_interrupts_it_and_says_where() {
        begin(250_000);
        away = 1_000;
        clock.advance(DWELL);
        clock.advance(Duration.ofMinutes(10));

        assertThat(share()).isEqualTo(250_000);
        assertThat(running.now().getError().getCode()).isEqualTo(Code.UNAVAILABLE.getNumber());
        assertThat(running.now().getError().getMessage())
                .contains("interrupted before step 2", "no connection");
        assertThat(clock.scheduled()).isZero();
    }

    @Test
    void a_gate_that_is_gone_ends_it() {
        begin(250_000);
        accept(new Command.AbortRamp(new RampName("r")));
        accept(new Command.DeleteGate(new GateName("orders")));
        clock.advance(DWELL);

        assertThat(running.now().getError().getMessage()).contains("gates/orders is gone");
    }
}
