package dev.sluice.proxy.dispatch;

import dev.sluice.proxy.cluster.Timers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The two clocks of one exchange: the time for the whole answer, which starts at the end of the
 * request, and the time without progress. Loop-owned.
 */
final class Deadlines {
    private final Timers timers;
    private final Plan.Delivery delivery;
    private final Runnable onTimeout;
    private final Runnable onIdle;
    private Timers.@Nullable Timer timeout;
    private Timers.@Nullable Timer idle;
    private long lastProgress;
    private boolean stopped;

    Deadlines(Timers timers, Plan.Delivery delivery, Runnable onTimeout, Runnable onIdle) {
        this.timers = timers;
        this.delivery = delivery;
        this.onTimeout = onTimeout;
        this.onIdle = onIdle;
    }

    /**
     * The exchange begins.
     *
     * @param now by the loop's clock
     */
    void start(long now) {
        lastProgress = now;
        if (!delivery.idleTimeout().isZero()) {
            idle = timers.start(delivery.idleTimeout(), now, this::checkIdle);
        }
    }

    /** Something moved. */
    void progress() {
        lastProgress = timers.now();
    }

    /**
     * The request is complete.
     *
     * @param now by the loop's clock
     */
    void requestEnded(long now) {
        Duration limit = delivery.timeout();
        if (!limit.isZero() && timeout == null && !stopped) {
            timeout = timers.start(limit, now, onTimeout);
        }
    }

    void stop() {
        stopped = true;
        cancel(timeout);
        cancel(idle);
    }

    private void checkIdle() {
        if (stopped) {
            return;
        }
        long now = timers.now();
        if (now - lastProgress >= delivery.idleTimeout().toNanos()) {
            onIdle.run();
        } else {
            idle = timers.start(delivery.idleTimeout(), lastProgress, this::checkIdle);
        }
    }

    private static void cancel(Timers.@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }
}
