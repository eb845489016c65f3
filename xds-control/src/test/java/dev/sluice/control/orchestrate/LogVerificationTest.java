package dev.sluice.control.orchestrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.change.Command;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.MemoryEventStore;
import dev.sluice.control.change.OperationOutcome;
import dev.sluice.control.change.OperationOutcome.Cause;
import dev.sluice.control.governance.Governance;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.path.ChangePath;
import dev.sluice.control.path.Outcome;
import dev.sluice.control.path.Published;
import dev.sluice.testkit.ManualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Verifications of a log of three events, on one thread; a page comes when the test says so. */
class LogVerificationTest {
    private final ManualClock clock = new ManualClock();
    private final MemoryEventStore store = new MemoryEventStore();
    private final List<CompletableFuture<List<LoggedEvent>>> asked = new ArrayList<>();
    private final LogVerification run =
            new LogVerification(
                    3,
                    (_, _) -> {
                        asked.add(new CompletableFuture<>());
                        return asked.getLast();
                    },
                    Runnable::run,
                    clock,
                    () -> this.told++);
    private int told;

    @BeforeEach
    void three_events() {
        ChangePath path =
                ChangePath.open(
                        store,
                        Governance.embedded(),
                        new Published(),
                        () -> FleetReport.SILENT,
                        Runnable::run);
        for (String id : List.of("a", "b", "c")) {
            assertThat(
                            path.submit(
                                            new Command.CreateService(Fixtures.service(id)),
                                            Fixtures.admin())
                                    .join())
                    .isInstanceOf(Outcome.Accepted.class);
        }
    }

    private OperationOutcome.LogVerified verified() {
        return (OperationOutcome.LogVerified) run.outcome().orElseThrow();
    }

    @Test
    void a_whole_log_ends_with_its_digest_and_tells_how_far_it_came() {
        run.tick();
        run.tick();
        assertThat(asked).as("one page at a time").hasSize(1);
        asked.getLast().complete(store.log().subList(0, 2));
        assertThat(run.progress()).isEqualTo(2);
        assertThat(run.outcome()).isEmpty();
        assertThat(told).isEqualTo(1);
        asked.getLast().complete(store.log().subList(2, 3));

        assertThat(verified().seq()).isEqualTo(3);
        assertThat(verified().digest()).isEqualTo(store.log().getLast().hash());
        assertThat(verified().problems()).isEmpty();
        run.tick();
        assertThat(asked).as("it is over").hasSize(2);
    }

    @Test
    void an_event_that_is_missing_is_found_and_what_came_before_is_told() {
        run.tick();
        asked.getLast().complete(List.of(store.log().get(0), store.log().get(2)));

        assertThat(verified().seq()).isZero();
        assertThat(verified().problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.remedy()).contains("restore"));
    }

    @Test
    void a_log_that_is_away_for_a_while_is_asked_again_where_it_stopped() {
        run.tick();
        asked.getLast().complete(store.log().subList(0, 2));
        asked.getLast().completeExceptionally(new IllegalStateException("no connection"));
        clock.advance(LogVerification.PATIENCE.minusMillis(1));
        run.tick();
        asked.getLast().completeExceptionally(new IllegalStateException("no connection"));
        assertThat(run.outcome()).isEmpty();
        run.tick();
        asked.getLast().complete(store.log().subList(2, 3));

        assertThat(verified().seq()).isEqualTo(3);
    }

    @Test
    void a_log_that_stays_away_is_a_failure() {
        run.tick();
        asked.getLast().completeExceptionally(new IllegalStateException("the disk is gone"));
        clock.advance(LogVerification.PATIENCE);
        run.tick();
        asked.getLast().completeExceptionally(new IllegalStateException("the disk is gone"));

        assertThat(run.outcome())
                .contains(
                        new OperationOutcome.Failed(
                                Cause.UNAVAILABLE, "the log can't be read: the disk is gone"));
    }

    @Test
    void a_log_that_ends_too_soon_is_a_failure() {
        run.tick();
        asked.getLast().complete(List.of());

        assertThat(run.outcome())
                .contains(new OperationOutcome.Failed(Cause.DATA_LOSS, "the log ends at event 0"));
    }

    @Test
    void what_was_stopped_reads_no_further() {
        run.tick();
        run.stop();
        asked.getLast().complete(store.log());
        run.tick();

        assertThat(asked).hasSize(1);
        assertThat(run.outcome()).isEmpty();
    }
}
