package dev.sluice.proxy.attempt;

import dev.sluice.proxy.cluster.Timers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Notices when nothing moves. Progress only notes the time: the timer is not moved with it, and
 * goes on for the rest when it fires too early. Loop-owned.
 */
public final class IdleWatch {
    private final Timers timers;
    private final Duration limit;
    private final Runnable onIdle;
    private Timers.@Nullable Timer timer;
    private long last;

    /**
     * @param limit zero: nothing is watched
     */
    public IdleWatch(Timers timers, Duration limit, Runnable onIdle) {
        this.timers = timers;
        this.limit = limit;
        this.onIdle = onIdle;
    }

    /** Watches from now on. */
    public void start(long now) {
        last = now;
        if (!limit.isZero()) {
            timer = timers.start(limit, now, this::check);
        }
    }

    /** Something moved. */
    public void progress(long now) {
        last = now;
    }

    public void stop() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void check() {
        if (timer == null) {
            return;
        }
        if (timers.now() - last >= limit.toNanos()) {
            timer = null;
            onIdle.run();
        } else {
            timer = timers.start(limit, last, this::check);
        }
    }
}
