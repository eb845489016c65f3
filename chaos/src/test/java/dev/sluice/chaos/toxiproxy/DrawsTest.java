package dev.sluice.chaos.toxiproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DrawsTest {
    private static long bitten(Draws draws, double toxicity) {
        return LongStream.rangeClosed(1, 10_000)
                .filter(connection -> draws.toxicity("p", connection, "t") < toxicity)
                .count();
    }

    @Test
    void the_same_seed_draws_the_same() {
        assertThat(new Draws(42).toxicity("p", 7, "t")).isEqualTo(0.17257996742930926);
        assertThat(new Draws(42).generator("p", 7, "t").nextLong())
                .isEqualTo(new Draws(42).generator("p", 7, "t").nextLong());
    }

    @Test
    void another_seed_proxy_connection_or_toxic_draws_another() {
        double one = new Draws(42).toxicity("p", 7, "t");
        assertThat(new Draws(43).toxicity("p", 7, "t")).isNotEqualTo(one);
        assertThat(new Draws(42).toxicity("q", 7, "t")).isNotEqualTo(one);
        assertThat(new Draws(42).toxicity("p", 8, "t")).isNotEqualTo(one);
        assertThat(new Draws(42).toxicity("p", 7, "u")).isNotEqualTo(one);
    }

    @Test
    void bites_the_share_that_the_toxicity_says() {
        assertThat(bitten(new Draws(1), 0)).isZero();
        assertThat(bitten(new Draws(1), 0.25)).isBetween(2350L, 2650L);
        assertThat(bitten(new Draws(1), 1)).isEqualTo(10_000);
    }
}
