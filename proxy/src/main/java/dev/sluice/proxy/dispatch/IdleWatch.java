package dev.sluice.proxy.dispatch;

import dev.sluice.proxy.cluster.Timers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Notices when nothing moves. Progress only notes the time: the timer is not moved with it, and
 * goes on for the rest when it fires too early. Loop-owned.
 */
final class IdleWatch {
    private final Timers timers;
    private final Duration limit;
    private final Runnable onIdle;
    private Timers.@Nullable Timer timer;
    private long last;

    /**
     * @param limit zero: nothing is watched
     */
    IdleWatch(Timers timers, Duration limit, Runnable onIdle) {
        this.timers = timers;
        this.limit = limit;
        this.onIdle = onIdle;
    }

    /** Watches from now on. */
    void start(long now) {
        last = now;
        if (!limit.isZero()) {
            timer = timers.start(limit, now, this::check);
        }
    }

    /** Something moved. */
    void progress(long now) {
        last = now;
    }

    void stop() {
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
