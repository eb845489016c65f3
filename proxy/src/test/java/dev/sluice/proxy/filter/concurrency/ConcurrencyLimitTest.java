package dev.sluice.proxy.filter.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.snapshot.filter.AdaptiveConcurrencySpec;
import dev.sluice.proxy.snapshot.filter.AdaptiveConcurrencySpec.Minimum;
import dev.sluice.proxy.snapshot.runtime.RuntimeFlag;
import dev.sluice.testkit.Seeds;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ConcurrencyLimitTest {
    private static final Duration WINDOW = Duration.ofMillis(100);
    private static final Duration BASE = Duration.ofMillis(10);
    private static final Minimum MEASURED =
            new Minimum.Measured(Duration.ofSeconds(30), 50, /* jitter= */ 0.1);

    private final MockTicker ticker = Ticker.newMockTicker();
    private final RandomGenerator random = Seeds.printed("times of measurements").generator();

    private ConcurrencyLimit limit(Minimum minimum) {
        return new ConcurrencyLimit(
                new AdaptiveConcurrencySpec(
                        RuntimeFlag.ON, 0.5, 1_000, WINDOW, minimum, 3, 0.25, 503),
                ticker);
    }

    /**
     * Rounds of as many requests as may begin at once, at most 400, at a service that works on
     * {@code capacity} of them at a time and lets the others wait.
     */
    private void serve(ConcurrencyLimit limit, int capacity, int rounds) {
        for (int round = 0; round < rounds; round++) {
            long began = ticker.nanoTime();
            int under = 0;
            while (under < 400 && limit.tryBegin(random)) {
                under++;
            }
            double slower = Math.max(1, (double) under / capacity);
            ticker.advance((long) (BASE.toNanos() * slower), TimeUnit.NANOSECONDS);
            for (int i = 0; i < under; i++) {
                limit.ended(began);
            }
        }
    }

    @Test
    void the_limit_settles_a_little_over_what_the_service_works_on_at_once() {
        ConcurrencyLimit limit = limit(new Minimum.Fixed(BASE));

        serve(limit, 100, 500);

        assertThat(limit.limit()).as("1.25 of 100 and its square root").isBetween(120, 150);
    }

    @Test
    void it_follows_a_service_that_becomes_slower_and_recovers() {
        ConcurrencyLimit limit = limit(new Minimum.Fixed(BASE));
        serve(limit, 100, 500);

        serve(limit, 20, 300);
        assertThat(limit.limit()).as("1.25 of 20 and its square root").isBetween(24, 36);
        serve(limit, 100, 500);
        assertThat(limit.limit()).isBetween(120, 150);
    }

    @Test
    void a_service_that_never_slows_down_gets_up_to_the_most() {
        ConcurrencyLimit limit = limit(new Minimum.Fixed(BASE));

        serve(limit, 100_000, 500);

        assertThat(limit.limit()).isEqualTo(1_000);
    }

    @Test
    void the_least_limit_holds_while_the_minimum_is_measured() {
        ConcurrencyLimit limit = limit(MEASURED);

        serve(limit, 100, 16);
        assertThat(limit.limit()).as("after 48 requests").isEqualTo(3);
        serve(limit, 100, 500);
        assertThat(limit.limit()).isBetween(120, 150);
    }

    @Test
    void the_limit_comes_back_after_the_minimum_was_measured_again() {
        ConcurrencyLimit limit = limit(MEASURED);
        serve(limit, 100, 500);
        int before = limit.limit();

        ticker.advance(40, TimeUnit.SECONDS);
        serve(limit, 100, 1);
        assertThat(limit.limit()).as("while it is measured").isEqualTo(3);
        serve(limit, 100, 17);
        assertThat(limit.limit()).as("afterwards").isEqualTo(before);
    }

    @Test
    void requests_that_began_before_the_measurement_do_not_count() {
        ConcurrencyLimit limit = limit(MEASURED);
        serve(limit, 100, 500);
        long before = ticker.nanoTime();
        for (int i = 0; i < 60; i++) {
            assertThat(limit.tryBegin(random)).isTrue();
        }

        ticker.advance(40, TimeUnit.SECONDS);
        assertThat(limit.tryBegin(random)).as("over the least limit").isFalse();
        for (int i = 0; i < 60; i++) {
            limit.ended(before);
        }

        assertThat(limit.limit()).isEqualTo(3);
    }

    @Test
    void a_limit_that_stays_at_the_least_measures_the_minimum_anew() {
        ConcurrencyLimit limit = limit(MEASURED);
        serve(limit, 100, 17);
        Duration later = BASE.multipliedBy(20);

        for (int i = 0; i < 400; i++) {
            long began = ticker.nanoTime();
            int under = 0;
            while (under < 50 && limit.tryBegin(random)) {
                under++;
            }
            ticker.advance(later.toNanos(), TimeUnit.NANOSECONDS);
            for (int j = 0; j < under; j++) {
                limit.ended(began);
            }
        }

        assertThat(limit.limit()).as("with the slower minimum").isGreaterThan(20);
    }

    @Test
    void requests_that_leave_make_room_and_say_nothing() {
        ConcurrencyLimit limit = limit(MEASURED);
        for (int i = 0; i < 100; i++) {
            assertThat(limit.tryBegin(random)).isTrue();
            limit.left();
        }

        assertThat(limit.limit()).isEqualTo(3);
    }

    @Test
    void a_quantile_is_right_to_a_sixteenth() {
        LatencyWindow window = new LatencyWindow();
        for (int i = 1; i <= 1_000; i++) {
            window.add(i * 1_000L);
        }

        assertThat(window.count()).isEqualTo(1_000);
        assertThat(window.end(0.5)).isBetween(470_000L, 530_000L);
        assertThat(window.end(0.5)).as("of an empty window").isZero();
        window.add(Long.MAX_VALUE);
        window.add(-5);
        window.add(15);
        assertThat(window.end(0.5)).isEqualTo(15);
    }
}
