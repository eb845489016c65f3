package dev.sluice.proxy.dispatch;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The two clocks of one exchange: the time for the whole answer, which starts at the end of the
 * request, and the time without progress. Loop-owned.
 */
final class Deadlines {
    private final EventLoop loop;
    private final Plan.Delivery delivery;
    private final Runnable onTimeout;
    private final Runnable onIdle;
    private @Nullable Future<?> timeout;
    private @Nullable Future<?> idle;
    private long lastProgress;
    private boolean stopped;

    Deadlines(EventLoop loop, Plan.Delivery delivery, Runnable onTimeout, Runnable onIdle) {
        this.loop = loop;
        this.delivery = delivery;
        this.onTimeout = onTimeout;
        this.onIdle = onIdle;
    }

    void start() {
        progress();
        if (!delivery.idleTimeout().isZero()) {
            idle = schedule(this::checkIdle, delivery.idleTimeout().toNanos());
        }
    }

    /** Something moved. */
    void progress() {
        lastProgress = loop.ticker().nanoTime();
    }

    /** The request is complete. */
    void requestEnded() {
        Duration limit = delivery.timeout();
        if (!limit.isZero() && timeout == null && !stopped) {
            timeout = schedule(onTimeout, limit.toNanos());
        }
    }

    void stop() {
        stopped = true;
        cancel(timeout);
        cancel(idle);
    }

    private void checkIdle() {
        long still = loop.ticker().nanoTime() - lastProgress;
        long left = delivery.idleTimeout().toNanos() - still;
        if (stopped) {
            return;
        }
        if (left <= 0) {
            onIdle.run();
        } else {
            idle = schedule(this::checkIdle, left);
        }
    }

    private Future<?> schedule(Runnable action, long nanos) {
        return loop.schedule(action, nanos, TimeUnit.NANOSECONDS);
    }

    private static void cancel(@Nullable Future<?> timer) {
        if (timer != null) {
            timer.cancel(/* mayInterruptIfRunning= */ false);
        }
    }
}
