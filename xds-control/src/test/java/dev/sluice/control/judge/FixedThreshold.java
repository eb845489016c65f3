package dev.sluice.control.judge;

import dev.sluice.control.judge.SimulatedRamp.Alarm;
import java.util.Optional;

/**
 * What a fixed threshold on the success rate of the new arm alone says, as progressive delivery
 * tools are set up by default. Owned by one run.
 */
final class FixedThreshold {
    private final double leastSuccess;
    private final int failuresBeforeRollback;
    private long requestsBefore;
    private long errorsBefore;
    private int failures;
    private Optional<Alarm> alarm = Optional.empty();

    private FixedThreshold(double leastSuccess, int failuresBeforeRollback) {
        this.leastSuccess = leastSuccess;
        this.failuresBeforeRollback = failuresBeforeRollback;
    }

    /** Success of at least 99 % in each minute; five failed checks in all roll back. */
    static FixedThreshold flagger() {
        return new FixedThreshold(0.99, 5);
    }

    /** Success of at least 95 % in each minute; more than three failures in all roll back. */
    static FixedThreshold argo() {
        return new FixedThreshold(0.95, 4);
    }

    /** Looks at what came since the look before; nothing at all is a failed check. */
    void check(Traffic traffic, Alarm now) {
        long requests = traffic.requests[1] - requestsBefore;
        long errors = traffic.errors[1] - errorsBefore;
        requestsBefore = traffic.requests[1];
        errorsBefore = traffic.errors[1];
        boolean good = requests > 0 && (double) (requests - errors) / requests >= leastSuccess;
        failures += good ? 0 : 1;
        if (failures >= failuresBeforeRollback && alarm.isEmpty()) {
            alarm = Optional.of(now);
        }
    }

    /** The counters begin anew. */
    void endStep() {
        requestsBefore = 0;
        errorsBefore = 0;
    }

    Optional<Alarm> alarm() {
        return alarm;
    }
}
