package dev.sluice.proxy.dispatch;

import dev.sluice.proxy.attempt.IdleWatch;
import dev.sluice.proxy.cluster.Timers;
import dev.sluice.proxy.plan.TimeLimits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The clocks of one exchange: the time for the whole answer, which starts at the end of the
 * request, the time for the whole stream, and the time without progress. Loop-owned.
 */
final class Deadlines {
    private final Timers timers;
    private final TimeLimits limits;
    private final Expiries expiries;
    private final IdleWatch idle;
    private Timers.@Nullable Timer answer;
    private Timers.@Nullable Timer stream;
    private boolean answerDue = true;
    private boolean stopped;

    /** Is told what ran out. */
    interface Expiries {
        /** The answer is not complete in time. */
        void timedOut();

        /** Nothing moved for too long. */
        void stoodStill();

        /** The stream as a whole takes too long. */
        void tookTooLong();
    }

    Deadlines(Timers timers, TimeLimits limits, Expiries expiries) {
        this.timers = timers;
        this.limits = limits;
        this.expiries = expiries;
        idle = new IdleWatch(timers, limits.idle(), expiries::stoodStill);
    }

    /**
     * The exchange begins.
     *
     * @param begun when its head was complete, by the loop's clock
     * @param now the same, or when it was let go on
     */
    void start(long begun, long now) {
        idle.start(now);
        stream = timer(limits.stream(), begun, expiries::tookTooLong);
    }

    /** Something moved; says when, by the loop's clock. */
    long progress() {
        long now = timers.now();
        idle.progress(now);
        return now;
    }

    /**
     * The request is complete.
     *
     * @param now by the loop's clock
     */
    void requestEnded(long now) {
        if (answer == null && answerDue && !stopped) {
            answer = timer(limits.answer(), now, expiries::timedOut);
        }
    }

    /** The answer is a tunnel, which lasts as long as something moves in it. */
    void tunnelled() {
        cancel(answer);
        answerDue = false;
    }

    void stop() {
        stopped = true;
        idle.stop();
        cancel(answer);
        cancel(stream);
    }

    private Timers.@Nullable Timer timer(Duration limit, long now, Runnable onExpiry) {
        return limit.isZero() ? null : timers.start(limit, now, onExpiry);
    }

    private static void cancel(Timers.@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }
}
