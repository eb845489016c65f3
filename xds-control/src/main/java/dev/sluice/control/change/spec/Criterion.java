package dev.sluice.control.change.spec;

/**
 * Something that a step is judged by beside errors and slowness of keys. Immutable.
 *
 * @param measure what is counted on the requests that were decided by share
 * @param against what the limit is relative to
 * @param limit most that is allowed: parts per million of requests, 0..1,000,000; of {@link
 *     Measure#P99_MICROS} microseconds, 1..3,600,000,000
 * @param onBreach what a breach does
 */
public record Criterion(Measure measure, Against against, long limit, OnBreach onBreach) {

    /** What is counted. */
    public enum Measure {
        /** 4xx and their gRPC likes. */
        CLIENT_ERRORS,
        /** 5xx and their gRPC likes. */
        SERVER_ERRORS,
        /** Answers that broke off. */
        RESETS,
        /** Answers that did not come in time. */
        TIMEOUTS,
        /** Requests that the caller gave up. */
        CANCELLED,
        /** Requests of the new arm that only the legacy arm answered. */
        FALLBACKS,
        /** 99th percentile of latency. */
        P99_MICROS
    }

    /** What the limit is relative to. */
    public enum Against {
        /** To the concurrent legacy arm: the new arm's value less legacy's. */
        LEGACY,
        /** To nothing: the new arm's value itself. */
        NOTHING
    }

    /** What happens when the limit is shown to be broken. */
    public enum OnBreach {
        /** The verdict is DEGRADED. A percentile can't, since it is no count of keys. */
        ROLL_BACK,
        /** The step is not NON_INFERIOR, and a person decides. */
        HOLD
    }
}
