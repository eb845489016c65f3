package dev.sluice.chaos.toxiproxy.toxic;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Pieces of {@code average_size} ± {@code size_variation} bytes, uniformly drawn and never empty,
 * with {@code delay} microseconds after each.
 */
final class SlicerPace implements Pace {
    private final long smallest;
    private final long largest;
    private final long delayNanos;
    private final RandomGenerator random;
    private long free = Long.MIN_VALUE;

    SlicerPace(Toxic toxic, RandomGenerator random) {
        long average = Math.clamp(toxic.attribute("average_size"), 0, Integer.MAX_VALUE);
        long variation = Math.clamp(toxic.attribute("size_variation"), 0, Integer.MAX_VALUE);
        this.smallest = average == 0 ? Integer.MAX_VALUE : Math.max(1, average - variation);
        this.largest = Math.max(smallest, average + variation);
        this.delayNanos =
                Math.clamp(
                        TimeUnit.MICROSECONDS.toNanos(toxic.attribute("delay")),
                        0,
                        StageClock.LONGEST_NANOS);
        this.random = random;
    }

    @Override
    public Piece next(int bytes, long received, long now) {
        int piece = (int) Math.min(bytes, random.nextLong(smallest, largest + 1));
        long due = Math.max(free, now);
        free = due + delayNanos;
        return new Piece(piece, due);
    }
}
