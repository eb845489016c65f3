package dev.sluice.proxy.cluster;

import dev.sluice.proxy.endpoint.EndpointHealth;
import dev.sluice.proxy.endpoint.EndpointHealth.Passed;
import dev.sluice.proxy.probe.Verdict;
import dev.sluice.proxy.snapshot.cluster.HealthCheckSpec;
import dev.sluice.proxy.snapshot.cluster.HealthCheckSpec.Intervals;
import java.time.Duration;

/**
 * What the checks of one endpoint add up to, by Envoy's rules: the first check decides alone; later
 * a healthy endpoint is left out after one bad answer or so many checks without one, and taken back
 * after so many good ones. Owned by the configuration thread.
 */
final class EndpointCheck {
    private final HealthCheckSpec spec;
    private final EndpointHealth health;
    private boolean first = true;
    private int passed;
    private int failed;

    /** What a check changed. */
    enum Change {
        NONE,
        /** It will change something if the next ones are like it. */
        NEAR,
        CHANGED
    }

    EndpointCheck(HealthCheckSpec spec, EndpointHealth health) {
        this.spec = spec;
        this.health = health;
    }

    /** Whether a check is still to decide about it for the first time. */
    boolean isFirst() {
        return first;
    }

    /**
     * Takes what a check found.
     *
     * @param now by the ticker
     */
    Change take(Verdict verdict, long now) {
        Change change =
                switch (verdict) {
                    case HEALTHY -> pass(Passed.HEALTHY, now);
                    case DEGRADED -> pass(Passed.DEGRADED, now);
                    case UNHEALTHY -> fail(spec.unhealthyThreshold());
                    case UNREACHED -> fail(1);
                };
        first = false;
        return change;
    }

    private Change pass(Passed as, long now) {
        failed = 0;
        boolean isBack = first || ++passed >= spec.healthyThreshold();
        if (health.isCheckFailed() && !isBack) {
            return Change.NEAR;
        }
        boolean isSame = !health.isCheckFailed() && health.isDegraded() == (as == Passed.DEGRADED);
        health.pass(as, now);
        return isSame ? Change.NONE : Change.CHANGED;
    }

    /**
     * @param weight how many checks without an answer it is worth
     */
    private Change fail(int weight) {
        passed = 0;
        if (health.isCheckFailed()) {
            boolean wasPending = health.isPending();
            health.fail();
            return wasPending ? Change.CHANGED : Change.NONE;
        }
        failed += weight;
        if (failed < spec.unhealthyThreshold()) {
            return Change.NEAR;
        }
        health.fail();
        return Change.CHANGED;
    }

    /**
     * Time to the next check, without jitter.
     *
     * @param change that the last check made
     * @param idle the cluster has had no request yet
     */
    Duration interval(Change change, Verdict last, boolean idle) {
        Intervals intervals = spec.intervals();
        boolean good = last == Verdict.HEALTHY || last == Verdict.DEGRADED;
        if (idle) {
            return good ? intervals.idleHealthy() : intervals.idleUnhealthy();
        }
        if (change == Change.NEAR) {
            return good ? intervals.healthyEdge() : intervals.unhealthyEdge();
        }
        return good ? intervals.healthy() : intervals.unhealthy();
    }
}
