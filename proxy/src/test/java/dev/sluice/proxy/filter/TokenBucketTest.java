package dev.sluice.proxy.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.filter.TokenBucket.Take;
import dev.sluice.proxy.snapshot.filter.LocalRateLimitSpec.Bucket;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private final MockTicker ticker = Ticker.newMockTicker();
    private final TokenBucket bucket =
            new TokenBucket(new Bucket(3, 2, Duration.ofMillis(100)), ticker);

    private long taken(int attempts) {
        long taken = 0;
        for (int i = 0; i < attempts; i++) {
            taken += bucket.take() instanceof Take.Taken ? 1 : 0;
        }
        return taken;
    }

    @Test
    void a_new_bucket_is_full_and_no_fuller() {
        assertThat(taken(10)).as("tokens").isEqualTo(3);
    }

    @Test
    void each_interval_brings_one_fill() {
        taken(3);
        ticker.advance(99, TimeUnit.MILLISECONDS);
        assertThat(taken(10)).as("tokens before the fill").isZero();
        ticker.advance(1, TimeUnit.MILLISECONDS);
        assertThat(taken(10)).as("tokens of one fill").isEqualTo(2);
    }

    @Test
    void fills_that_nobody_took_do_not_overflow_the_bucket() {
        taken(3);
        ticker.advance(365, TimeUnit.DAYS);
        assertThat(taken(10)).as("tokens after a long rest").isEqualTo(3);
    }

    @Test
    void the_rhythm_of_fills_does_not_drift() {
        taken(3);
        ticker.advance(150, TimeUnit.MILLISECONDS);
        assertThat(taken(10)).as("tokens of the first fill").isEqualTo(2);
        assertThat(bucket.untilFill()).as("rest").isEqualTo(TimeUnit.MILLISECONDS.toNanos(50));
        ticker.advance(50, TimeUnit.MILLISECONDS);
        assertThat(taken(10)).as("tokens of the second fill").isEqualTo(2);
    }
}
