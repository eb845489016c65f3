package dev.sluice.proxy.endpoint;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * How requests to one endpoint ended lately: how many in a row went wrong, and how many of all
 * since the last look. Written by every loop; thread-safe.
 */
public final class EndpointOutcomes {
    private final AtomicInteger serverErrors = new AtomicInteger();
    private final AtomicInteger gatewayFailures = new AtomicInteger();
    private final AtomicInteger localFailures = new AtomicInteger();
    private final Rate answers = new Rate();
    private final Rate connections = new Rate();

    /**
     * Requests since the last look, and how many of these went well.
     *
     * @param total 0..
     * @param good 0..total
     */
    public record Volume(long total, long good) {
        /** Percent that went well. */
        public double successRate() {
            return 100.0 * good / total;
        }
    }

    /** Takes the status of an answer, the upstream's or what stands for a failure to get one. */
    public void answered(int status) {
        streak(serverErrors, status >= 500);
        streak(gatewayFailures, status >= 502 && status <= 504);
        answers.add(status < 500);
    }

    /** An answer came at all. */
    public void reached() {
        streak(localFailures, /* goesOn= */ false);
        connections.add(/* wentWell= */ true);
    }

    /** No answer came. */
    public void notReached() {
        streak(localFailures, /* goesOn= */ true);
        connections.add(/* wentWell= */ false);
    }

    /** Answers of 5xx since the last other one. */
    public int serverErrors() {
        return serverErrors.get();
    }

    /** Answers of 502, 503 or 504 since the last other one. */
    public int gatewayFailures() {
        return gatewayFailures.get();
    }

    /** Failures to get an answer since the last one. */
    public int localFailures() {
        return localFailures.get();
    }

    /** Answers since the last call. */
    public Volume takeAnswers() {
        return answers.take();
    }

    /** Attempts to get an answer since the last call. */
    public Volume takeConnections() {
        return connections.take();
    }

    /** Forgets what went wrong in a row. */
    public void forgive() {
        serverErrors.set(0);
        gatewayFailures.set(0);
        localFailures.set(0);
    }

    private static void streak(AtomicInteger streak, boolean goesOn) {
        if (goesOn) {
            streak.incrementAndGet();
        } else if (streak.get() != 0) {
            streak.set(0);
        }
    }

    private static final class Rate {
        private final LongAdder total = new LongAdder();
        private final LongAdder good = new LongAdder();

        void add(boolean wentWell) {
            total.increment();
            if (wentWell) {
                good.increment();
            }
        }

        Volume take() {
            long taken = good.sumThenReset();
            return new Volume(Math.max(taken, total.sumThenReset()), taken);
        }
    }
}
