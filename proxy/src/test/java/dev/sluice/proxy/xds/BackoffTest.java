package dev.sluice.proxy.xds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.Seeds;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff = new Backoff(Seeds.printed("back-off").generator());

    @Test
    void waits_double_up_to_ten_seconds_each_cut_by_up_to_half() {
        long whole = 500;
        for (int attempt = 0; attempt < 20; attempt++) {
            assertThat(backoff.next())
                    .as("attempt " + attempt)
                    .isBetween(Duration.ofMillis(whole / 2), Duration.ofMillis(whole));
            whole = Math.min(2 * whole, 10_000);
        }
    }

    @Test
    void a_success_begins_anew() {
        for (int attempt = 0; attempt < 9; attempt++) {
            backoff.next();
        }

        backoff.reset();

        assertThat(backoff.next()).isLessThanOrEqualTo(Duration.ofMillis(500));
    }
}
