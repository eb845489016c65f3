package dev.sluice.proxy.codec.http2;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the streams of one connection now and then while there are any: one timer for all, in
 * place of one for each answer. A client that never takes an answer so keeps its stream no longer
 * than twice the idle time. Loop-owned.
 */
final class StreamSweep {
    private final EventExecutor loop;
    private final Duration interval;
    private final BooleanSupplier look;
    private @Nullable Future<?> timer;

    /**
     * @param interval zero: nobody looks
     * @param look says whether to look again
     */
    StreamSweep(EventExecutor loop, Duration interval, BooleanSupplier look) {
        this.loop = loop;
        this.interval = interval;
        this.look = look;
    }

    /** There are streams. */
    void plan() {
        if (timer == null && !interval.isZero()) {
            timer = loop.schedule(this::sweep, interval.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    void stop() {
        if (timer != null) {
            timer.cancel(/* mayInterruptIfRunning= */ false);
        }
    }

    private void sweep() {
        timer = null;
        if (look.getAsBoolean()) {
            plan();
        }
    }
}
