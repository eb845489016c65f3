package dev.sluice.proxy.attempt;

import dev.sluice.proxy.cluster.Timers;
import dev.sluice.proxy.plan.TimeLimits;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The clocks of one attempt. Those of the route start when the request is complete and a connection
 * is there, the cluster's as soon as the connection is. Loop-owned.
 */
final class AttemptClock {
    private final Timers timers;
    private final TimeLimits limits;
    private final Duration streamLimit;
    private final Consumer<Expiry> onExpiry;
    private final IdleWatch idle;
    private Timers.@Nullable Timer head;
    private Timers.@Nullable Timer stream;
    private boolean running;
    private boolean answered;

    /** What ran out. */
    enum Expiry {
        /** No head came within the time of one attempt. */
        HEAD,
        /** Nothing moved within the idle time of one attempt. */
        IDLE,
        /** The cluster's time for one stream is over. */
        STREAM
    }

    /**
     * @param streamLimit of the cluster; zero: none
     * @param onExpiry is told what ran out
     */
    AttemptClock(
            Timers timers, TimeLimits limits, Duration streamLimit, Consumer<Expiry> onExpiry) {
        this.timers = timers;
        this.limits = limits;
        this.streamLimit = streamLimit;
        this.onExpiry = onExpiry;
        idle = new IdleWatch(timers, limits.perTryIdle(), () -> onExpiry.accept(Expiry.IDLE));
    }

    /** There is a connection. */
    void connected() {
        if (!streamLimit.isZero()) {
            stream = timers.start(streamLimit, timers.now(), () -> onExpiry.accept(Expiry.STREAM));
        }
    }

    /** There is a connection, and the request is complete. */
    void awaitsAnswer() {
        if (running || (limits.perTry().isZero() && limits.perTryIdle().isZero())) {
            return;
        }
        running = true;
        long now = timers.now();
        idle.start(now);
        if (!limits.perTry().isZero() && !answered) {
            head = timers.start(limits.perTry(), now, () -> onExpiry.accept(Expiry.HEAD));
        }
    }

    /** The head of the answer has come, maybe before the end of the request. */
    void answered() {
        answered = true;
        cancel(head);
        head = null;
    }

    /** Something moved. */
    void progress(long now) {
        idle.progress(now);
    }

    void stop() {
        cancel(head);
        cancel(stream);
        idle.stop();
    }

    private static void cancel(Timers.@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }
}
