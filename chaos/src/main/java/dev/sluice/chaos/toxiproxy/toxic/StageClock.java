package dev.sluice.chaos.toxiproxy.toxic;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Time as stages know it: that of their event loop. Owned by the loop. */
public interface StageClock {
    /** Longest wait that is scheduled: a year, so that no sum of times overflows. */
    long LONGEST_NANOS = TimeUnit.DAYS.toNanos(365);

    /** Nanoseconds from an arbitrary start; never goes back. */
    long nanos();

    /**
     * Runs {@code action} once on the loop.
     *
     * @param delayNanos 0 or more
     */
    Alarm after(long delayNanos, Runnable action);

    /** An action that waits for its time. */
    interface Alarm {
        /** No effect when it ran. */
        void cancel();
    }

    /** Attribute values are milliseconds of any sign: below 0 is at once, a year is for ever. */
    static long millis(long value) {
        return Math.clamp(TimeUnit.MILLISECONDS.toNanos(value), 0, LONGEST_NANOS);
    }

    /** The time of this loop. */
    static StageClock of(EventExecutor loop) {
        return new StageClock() {
            @Override
            public long nanos() {
                return loop.ticker().nanoTime();
            }

            @Override
            public Alarm after(long delayNanos, Runnable action) {
                Future<?> scheduled = loop.schedule(action, delayNanos, TimeUnit.NANOSECONDS);
                return () -> scheduled.cancel(/* mayInterruptIfRunning= */ false);
            }
        };
    }
}
