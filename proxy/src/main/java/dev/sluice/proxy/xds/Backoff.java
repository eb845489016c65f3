package dev.sluice.proxy.xds;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Times between attempts: doubled from half a second to ten seconds, each cut by up to half at
 * random. Not thread-safe.
 */
final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final RandomGenerator random;
    private Duration next = FIRST;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /** Time until the next attempt. */
    Duration next() {
        Duration whole = next;
        next = next.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : next.multipliedBy(2);
        return Duration.ofNanos((long) (whole.toNanos() * (0.5 + random.nextDouble() / 2)));
    }

    /** An attempt succeeded. */
    void reset() {
        next = FIRST;
    }
}
