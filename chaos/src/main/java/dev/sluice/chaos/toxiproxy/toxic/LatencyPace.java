package dev.sluice.chaos.toxiproxy.toxic;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Whole chunks, each {@code latency} ± a uniform {@code jitter} milliseconds after it arrived, but
 * not before its predecessor.
 */
final class LatencyPace implements Pace {
    private static final long LONGEST_MILLIS =
            TimeUnit.NANOSECONDS.toMillis(StageClock.LONGEST_NANOS);

    private final long latency;
    private final long jitter;
    private final RandomGenerator random;

    LatencyPace(Toxic toxic, RandomGenerator random) {
        this.latency = Math.clamp(toxic.attribute("latency"), 0, LONGEST_MILLIS);
        this.jitter = Math.clamp(toxic.attribute("jitter"), 0, LONGEST_MILLIS);
        this.random = random;
    }

    @Override
    public Piece next(int bytes, long received, long now) {
        long shift = jitter == 0 ? 0 : random.nextLong(-jitter, jitter);
        return new Piece(bytes, received + StageClock.millis(latency + shift));
    }
}
