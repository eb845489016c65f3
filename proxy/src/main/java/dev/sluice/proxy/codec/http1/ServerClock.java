package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.Timeouts;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The timeouts of one client's connection. The idle timer is not moved with each exchange: when it
 * fires too early it goes on for the rest, so that an exchange costs one reading of the clock.
 * Loop-owned.
 */
public final class ServerClock {
    /** What ran out. */
    public enum Timeout {
        /** No exchange for too long. */
        IDLE,
        /** A head did not end in time. */
        HEAD,
        /** A request did not end in time. */
        REQUEST,
        /** The time to leave after a drain is over. */
        DRAINED,
        /** The connection has lived for its time. */
        WORN,
        /** The client was given enough time to read its last answer. */
        LINGER
    }

    private static final Duration LINGER = Duration.ofSeconds(1);

    private final EventExecutor loop;
    private final Timeouts timeouts;
    private final Consumer<Timeout> onTimeout;
    private @Nullable Future<?> idleTimer;
    private @Nullable Future<?> requestTimer;
    private @Nullable Future<?> closeTimer;
    private @Nullable Future<?> ageTimer;
    private long idleSince;
    private boolean idle;
    private boolean withinHead;
    private boolean stopped;

    public ServerClock(EventExecutor loop, Timeouts timeouts, Consumer<Timeout> onTimeout) {
        this.loop = loop;
        this.timeouts = timeouts;
        this.onTimeout = onTimeout;
    }

    /**
     * The connection begins.
     *
     * @param longest how long it lives; zero: for ever
     */
    public void opened(Duration longest) {
        if (!longest.isZero()) {
            ageTimer = schedule(longest.toNanos(), Timeout.WORN);
        }
    }

    /** No exchange is under way from now on. */
    public void idle() {
        cancel(requestTimer);
        requestTimer = null;
        idle = true;
        if (!timeouts.idle().isZero()) {
            idleSince = loop.ticker().nanoTime();
            if (idleTimer == null) {
                armIdle(timeouts.idle().toNanos());
            }
        }
    }

    /** Part of a head has come. */
    public void headBegun() {
        if (!withinHead) {
            withinHead = true;
            arm(timeouts.requestHeaders(), Timeout.HEAD);
        }
    }

    /** The head is complete. */
    public void headEnded() {
        withinHead = false;
        cancel(requestTimer);
        requestTimer = null;
    }

    /**
     * An exchange is under way from now on.
     *
     * @param awaitsBody some of the request is still to come
     */
    public void busy(boolean awaitsBody) {
        idle = false;
        if (awaitsBody) {
            arm(timeouts.request(), Timeout.REQUEST);
        }
    }

    public void drain() {
        closeAfter(timeouts.drain(), Timeout.DRAINED);
    }

    public void linger() {
        cancel(closeTimer);
        closeAfter(LINGER, Timeout.LINGER);
    }

    public void stop() {
        stopped = true;
        cancel(idleTimer);
        cancel(requestTimer);
        cancel(closeTimer);
        cancel(ageTimer);
    }

    private void arm(Duration after, Timeout timeout) {
        if (!after.isZero()) {
            cancel(requestTimer);
            requestTimer = schedule(after.toNanos(), timeout);
        }
    }

    private void closeAfter(Duration after, Timeout timeout) {
        closeTimer = schedule(after.toNanos(), timeout);
    }

    private Future<?> schedule(long nanos, Timeout timeout) {
        return loop.schedule(() -> fire(timeout), nanos, TimeUnit.NANOSECONDS);
    }

    private void armIdle(long nanos) {
        idleTimer = loop.schedule(this::checkIdle, nanos, TimeUnit.NANOSECONDS);
    }

    private void checkIdle() {
        long whole = timeouts.idle().toNanos();
        long rest = idle ? whole - (loop.ticker().nanoTime() - idleSince) : whole;
        if (rest <= 0) {
            fire(Timeout.IDLE);
        } else if (!stopped) {
            armIdle(rest);
        }
    }

    private void fire(Timeout timeout) {
        if (!stopped) {
            onTimeout.accept(timeout);
        }
    }

    private static void cancel(@Nullable Future<?> timer) {
        if (timer != null) {
            timer.cancel(/* mayInterruptIfRunning= */ false);
        }
    }
}
