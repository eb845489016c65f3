package dev.sluice.testkit.arch;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.EvaluationResult;
import dev.sluice.testkit.arch.calls.Blocking;
import dev.sluice.testkit.arch.calls.Listening;
import org.junit.jupiter.api.Test;

class EventLoopCallsTest {
    @Test
    void each_blocking_call_is_told_with_its_replacement() {
        assertThat(broken(Blocking.class).getFailureReport().getDetails())
                .as("violations")
                .satisfiesExactlyInAnyOrder(
                        line ->
                                assertThat(line)
                                        .contains("joined()", "CompletableFuture.join()")
                                        .endsWith("use add a listener, or thenAccept"),
                        line ->
                                assertThat(line)
                                        .contains("asked()", "System.nanoTime()")
                                        .endsWith("use the loop's own ticker"),
                        line ->
                                assertThat(line)
                                        .contains("locked() is synchronized")
                                        .endsWith("use one owner thread and execute(…)"));
    }

    @Test
    void a_listener_is_in_order() {
        assertThat(broken(Listening.class).hasViolation()).as("violations").isFalse();
    }

    private static EvaluationResult broken(Class<?> type) {
        return EventLoopCalls.in("dev.sluice.testkit.arch.calls")
                .evaluate(new ClassFileImporter().importClasses(type));
    }
}
