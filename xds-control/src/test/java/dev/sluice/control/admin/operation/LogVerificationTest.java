package dev.sluice.control.admin.operation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.v1.Operation;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.MemoryEventStore;
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
    private final List<Operation> told = new ArrayList<>();
    private Running state;
    private LogVerification run;

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
        state = Running.begin(LogVerification.KIND, "", "ada", 3, clock);
        run =
                new LogVerification(
                        state,
                        (_, _) -> {
                            asked.add(new CompletableFuture<>());
                            return asked.getLast();
                        },
                        Runnable::run);
        state.watch(() -> told.add(state.now()));
    }

    @Test
    void a_whole_log_ends_with_its_digest_and_tells_how_far_it_came() {
        run.goOn();
        asked.getLast().complete(store.log().subList(0, 2));
        assertThat(state.now().getMetadata().getProgress()).isEqualTo(2);
        assertThat(state.now().getDone()).isFalse();
        asked.getLast().complete(store.log().subList(2, 3));

        assertThat(state.now().getDone()).isTrue();
        assertThat(state.now().getLogVerified().getSequence()).isEqualTo(3);
        assertThat(state.now().getLogVerified().getDigest())
                .isEqualTo(store.log().getLast().hash().hex());
        assertThat(state.now().getLogVerified().getProblemsList()).isEmpty();
        assertThat(state.now().getMetadata().hasEndTime()).isTrue();
        assertThat(told).hasSize(3).last().isEqualTo(state.now());
    }

    @Test
    void an_event_that_is_missing_is_found_and_what_came_before_is_told() {
        run.goOn();
        asked.getLast().complete(List.of(store.log().get(0), store.log().get(2)));

        assertThat(state.now().getLogVerified().getSequence()).isZero();
        assertThat(state.now().getLogVerified().getProblemsList())
                .singleElement()
                .satisfies(problem -> assertThat(problem.getRemedy()).contains("restore"));
    }

    @Test
    void a_log_that_can_not_be_read_or_ends_too_soon_is_a_failure() {
        run.goOn();
        asked.getLast().completeExceptionally(new IllegalStateException("the disk is gone"));
        assertThat(state.now().getDone()).isTrue();
        assertThat(state.now().getError().getMessage()).contains("the disk is gone");
    }

    @Test
    void a_log_that_ends_too_soon_is_a_failure() {
        run.goOn();
        asked.getLast().complete(List.of());
        assertThat(state.now().getError().getMessage()).isEqualTo("the log ends at event 0");
    }

    @Test
    void what_was_cancelled_reads_no_further_and_can_not_be_cancelled_twice() {
        run.goOn();
        state.cancel();
        Operation cancelled = state.now();
        asked.getLast().complete(store.log());
        state.cancel();
        run.goOn();

        assertThat(cancelled.getDone()).isTrue();
        assertThat(cancelled.getError().getCode()).isEqualTo(1);
        assertThat(state.now()).isEqualTo(cancelled);
        assertThat(asked).hasSize(1);
    }
}
