package dev.sluice.proxy.endpoint;

import java.util.EnumSet;
import java.util.Set;

/**
 * What this proxy found out about an endpoint by checks and by its answers. Written by the
 * configuration thread; thread-safe.
 */
public final class EndpointHealth {
    private volatile boolean checkFailed;
    private volatile boolean pending;
    private volatile boolean checkDegraded;
    private volatile boolean ejected;
    private volatile long healthySince;

    private EndpointHealth(boolean checkFailed, long now) {
        this.checkFailed = checkFailed;
        pending = checkFailed;
        healthySince = now;
    }

    /**
     * Of an endpoint that nothing is known against.
     *
     * @param now by the ticker; a slow start begins here
     */
    public static EndpointHealth unchecked(long now) {
        return new EndpointHealth(/* checkFailed= */ false, now);
    }

    /** Of an endpoint that has to pass a first check. */
    public static EndpointHealth pending(long now) {
        return new EndpointHealth(/* checkFailed= */ true, now);
    }

    /**
     * A check found it healthy.
     *
     * @param now by the ticker
     */
    public void pass(Passed as, long now) {
        if (checkFailed) {
            healthySince = now;
        }
        pending = false;
        checkDegraded = as == Passed.DEGRADED;
        checkFailed = false;
    }

    /** How an endpoint passed a check. */
    public enum Passed {
        HEALTHY,
        /** It asks to be spared ({@code x-envoy-degraded}). */
        DEGRADED
    }

    /** Checks found it unhealthy. */
    public void fail() {
        pending = false;
        checkFailed = true;
    }

    /** Its answers were too bad: it is left out for a while. */
    public void eject() {
        ejected = true;
    }

    /**
     * Its time out is over.
     *
     * @param now by the ticker
     */
    public void readmit(long now) {
        ejected = false;
        healthySince = now;
    }

    public boolean isEjected() {
        return ejected;
    }

    /** Whether a first check is still to come. */
    public boolean isPending() {
        return pending;
    }

    /** Since when it can be used, by the ticker. */
    public long healthySince() {
        return healthySince;
    }

    /** Whether checks found it unhealthy, or have found nothing yet. */
    public boolean isCheckFailed() {
        return checkFailed;
    }

    boolean isFailed() {
        return checkFailed || ejected;
    }

    /** Whether it asked to be spared in its last check. */
    public boolean isDegraded() {
        return checkDegraded;
    }

    Set<HealthFlag> flags() {
        if (!checkFailed && !pending && !checkDegraded && !ejected) {
            return Set.of();
        }
        EnumSet<HealthFlag> flags = EnumSet.noneOf(HealthFlag.class);
        if (checkFailed) {
            flags.add(HealthFlag.FAILED_ACTIVE_HC);
        }
        if (pending) {
            flags.add(HealthFlag.PENDING_ACTIVE_HC);
        }
        if (checkDegraded) {
            flags.add(HealthFlag.DEGRADED_ACTIVE_HC);
        }
        if (ejected) {
            flags.add(HealthFlag.FAILED_OUTLIER_CHECK);
        }
        return flags;
    }
}
