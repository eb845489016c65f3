package dev.sluice.proxy.snapshot.cluster;

import java.time.Duration;

/**
 * When endpoints are left out because of their answers (Envoy {@code OutlierDetection}). Immutable.
 *
 * @param serverErrors answers of 5xx one after the other
 * @param gatewayFailures answers of 502, 503 and 504 one after the other
 * @param localFailures failures to get an answer one after the other; only when told apart
 * @param origins whether failures to get an answer are told apart from bad answers
 * @param successRate compared with the other endpoints
 * @param failurePercentage by itself
 * @param ejection for how long, and how many at once
 */
public record OutlierSpec(
        Streak serverErrors,
        Streak gatewayFailures,
        Streak localFailures,
        Origins origins,
        SuccessRate successRate,
        FailurePercentage failurePercentage,
        Ejection ejection) {
    /**
     * So many in a row.
     *
     * @param count 1..
     * @param enforcing chance of an ejection, percent, 0..100
     */
    public record Streak(int count, int enforcing) {}

    /** Whether failures to get an answer are told apart from bad answers. */
    public enum Origins {
        /** A failure counts as an answer of 503, a timeout as one of 504. */
        TOGETHER,
        /** They have counters of their own (Envoy {@code split_external_local_origin_errors}). */
        APART
    }

    /**
     * An endpoint is out when its success rate is lower than the mean less so many standard
     * deviations.
     *
     * @param minimumHosts endpoints with enough requests; fewer are not compared
     * @param requestVolume requests in an interval that are enough
     * @param deviations thousandths of a standard deviation
     * @param enforcing percent
     * @param enforcingLocal percent, for failures to get an answer
     */
    public record SuccessRate(
            int minimumHosts,
            int requestVolume,
            int deviations,
            int enforcing,
            int enforcingLocal) {}

    /**
     * An endpoint is out when at least so many of its requests fail.
     *
     * @param threshold percent
     */
    public record FailurePercentage(
            int minimumHosts,
            int requestVolume,
            int threshold,
            int enforcing,
            int enforcingLocal) {}

    /**
     * For how long, and how many at once.
     *
     * @param interval between looks at rates and at who may come back
     * @param base an endpoint is out for this times how often it was lately
     * @param max but not longer than this
     * @param maxPercent of all endpoints, 0..100
     * @param first whether one endpoint may always be out
     */
    public record Ejection(
            Duration interval, Duration base, Duration max, int maxPercent, First first) {}

    /** Whether one endpoint may be out even if that is more than the greatest share. */
    public enum First {
        ALWAYS,
        WITHIN_SHARE
    }
}
