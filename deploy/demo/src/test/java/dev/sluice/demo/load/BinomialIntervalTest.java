package dev.sluice.demo.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BinomialIntervalTest {
    @Test
    void of_a_fair_coin_is_the_table_value() {
        assertThat(BinomialInterval.of(10, 0.5, 0.95)).isEqualTo(new BinomialInterval(2, 8));
        assertThat(BinomialInterval.of(20, 0.5, 0.95)).isEqualTo(new BinomialInterval(6, 14));
    }

    @Test
    void is_the_only_possible_value_where_nothing_is_random() {
        assertThat(BinomialInterval.of(1_000, 0, 0.999)).isEqualTo(new BinomialInterval(0, 0));
        assertThat(BinomialInterval.of(1_000, 1, 0.999))
                .isEqualTo(new BinomialInterval(1_000, 1_000));
        assertThat(BinomialInterval.of(0, 0.3, 0.999)).isEqualTo(new BinomialInterval(0, 0));
    }

    @Test
    void holds_at_least_as_often_as_it_says() {
        SplittableRandom random = new SplittableRandom(7);
        BinomialInterval interval = BinomialInterval.of(400, 0.05, 0.99);
        int inside = 0;
        for (int i = 0; i < 10_000; i++) {
            int successes = 0;
            for (int trial = 0; trial < 400; trial++) {
                successes += random.nextDouble() < 0.05 ? 1 : 0;
            }
            inside += interval.contains(successes) ? 1 : 0;
        }
        assertThat(inside)
                .as("samples inside a 99 % interval, of 10,000")
                .isGreaterThan(9_870)
                .isLessThan(10_000);
    }

    @Test
    void works_for_many_trials() {
        BinomialInterval interval = BinomialInterval.of(100_000, 0.25, 0.999);
        assertThat(interval.low()).isBetween(24_500, 24_600);
        assertThat(interval.high()).isBetween(25_400, 25_500);
    }
}
