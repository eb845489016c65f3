package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ManualClockTest {
    private final ManualClock clock = new ManualClock();
    private final List<String> ran = new ArrayList<>();

    private void schedule(int millis, String name) {
        clock.schedule(Duration.ofMillis(millis), () -> ran.add(name + "@" + clock.millis()));
    }

    private static String at(String name, int millis) {
        return name + "@" + (ManualClock.START.toEpochMilli() + millis);
    }

    @Test
    void wall_clock_and_ticker_advance_together_and_only_when_told() {
        assertThat(clock.instant()).isEqualTo(ManualClock.START);
        clock.advance(Duration.ofMillis(1_500));

        assertThat(clock.instant()).isEqualTo(ManualClock.START.plusMillis(1_500));
        assertThat(clock.ticker().getAsLong()).isEqualTo(1_500_000_000L).isEqualTo(clock.nanos());
        assertThat(clock.withZone(ZoneId.of("Europe/Zurich")).instant()).isEqualTo(clock.instant());
    }

    @Test
    void actions_run_in_order_of_time_each_at_its_own_time() {
        schedule(20, "b");
        schedule(10, "a");
        schedule(20, "c");
        schedule(21, "later");
        clock.advance(Duration.ofMillis(20));

        assertThat(ran).containsExactly(at("a", 10), at("b", 20), at("c", 20));
        assertThat(clock.scheduled()).isEqualTo(1);
    }

    @Test
    void an_action_may_schedule_another_that_falls_due_in_the_same_advance() {
        clock.schedule(Duration.ofMillis(10), () -> schedule(5, "second"));
        clock.advance(Duration.ofMillis(30));

        assertThat(ran).containsExactly(at("second", 15));
        assertThat(clock.millis()).isEqualTo(ManualClock.START.toEpochMilli() + 30);
    }

    @Test
    void a_cancelled_action_does_not_run() {
        ManualClock.Scheduled order = clock.schedule(Duration.ZERO, () -> ran.add("never"));

        assertThat(order.cancel()).isTrue();
        assertThat(order.cancel()).as("second cancellation").isFalse();
        clock.advance(Duration.ZERO);
        assertThat(ran).isEmpty();
    }

    @Test
    void never_goes_back() {
        assertThatThrownBy(() -> clock.advance(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: >= 0");
    }

    @Test
    void no_step_is_lost_when_threads_advance_together() {
        CompletableFuture<?>[] threads =
                IntStream.range(0, 8)
                        .mapToObj(_ -> CompletableFuture.runAsync(this::advanceThousandTimes))
                        .toArray(CompletableFuture<?>[]::new);
        Patience.await(CompletableFuture.allOf(threads), "all threads");

        assertThat(clock.nanos()).isEqualTo(8_000);
    }

    private void advanceThousandTimes() {
        for (int i = 0; i < 1_000; i++) {
            clock.advance(Duration.ofNanos(1));
        }
    }
}
