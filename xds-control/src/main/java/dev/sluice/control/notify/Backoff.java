package dev.sluice.control.notify;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before a sink is tried again: doubled from 1 s up to 5 min, less up to half of
 * it by chance, so that many sinks of one receiver do not come together. Thread-safe when the
 * supplier is.
 *
 * @param chance 0..1, anew at each call
 */
record Backoff(DoubleSupplier chance) {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int MOST_DOUBLINGS = 10;

    /**
     * @param failures in a row, 1..
     */
    Duration after(int failures) {
        Duration doubled = FIRST.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
        Duration whole = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
        double part = 1 - chance.getAsDouble() / 2;
        return Duration.ofMillis(Math.round(whole.toMillis() * part));
    }
}
