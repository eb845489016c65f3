package dev.sluice.control.admin.operation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.sluice.testkit.ManualClock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OperationsTest {
    private final ManualClock clock = new ManualClock();
    private final Operations operations = new Operations();
    private final List<Running> begun = new ArrayList<>();

    private Running begin(String kind, String subject) {
        return operations.running(
                kind, subject, () -> Running.begin(kind, subject, "ada", 3, clock), begun::add);
    }

    @Test
    void one_runs_at_a_time_of_each_kind_and_subject() {
        Running first = begin("share.rollback", "gates/a");
        assertThat(begin("share.rollback", "gates/a")).as("it runs").isSameAs(first);
        Running other = begin("share.rollback", "gates/b");
        Running kind = begin("log.verify", "gates/a");
        first.cancel();
        Running again = begin("share.rollback", "gates/a");

        assertThat(begun).containsExactly(first, other, kind, again);
        assertThat(operations.all()).containsExactly(again, kind, other, first);
    }

    @Test
    void the_newest_hundred_are_kept() {
        Running oldest = begin("log.verify", "");
        oldest.cancel();
        for (int i = 0; i < Operations.MOST; i++) {
            begin("log.verify", "").cancel();
        }

        assertThat(operations.all()).hasSize(Operations.MOST).doesNotContain(oldest);
        assertThat(operations.find(oldest.now().getName())).isEmpty();
        assertThat(operations.find(begun.getLast().now().getName())).contains(begun.getLast());
    }

    @Test
    void what_has_ended_stays_as_it_ended() {
        Running running = begin("log.verify", "");
        running.progress(2);
        running.fail(Code.ABORTED, "moved");
        var ended = running.now();
        running.progress(3);
        running.cancel();

        assertThat(running.now()).isEqualTo(ended);
        assertThat(ended.getMetadata().getProgress()).isEqualTo(2);
        assertThat(ended.getMetadata().hasEndTime()).isTrue();
        assertThat(ended.getError().getMessage()).isEqualTo("moved");
    }
}
