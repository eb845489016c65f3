package dev.sluice.chaos.run;

import dev.sluice.chaos.experiment.Waits;
import dev.sluice.chaos.fault.Plan;
import dev.sluice.chaos.probe.Activities;
import dev.sluice.chaos.telemetry.ActiveFaults;

/**
 * What a run works with.
 *
 * @param activities runs probes and actions
 * @param plan the faults that the run takes on sidecars
 * @param guard takes the faults back when this process dies
 * @param waits time
 * @param faults is told what is on, for whoever watches the run
 */
public record Means(
        Activities activities, Plan plan, Guard guard, Waits waits, ActiveFaults faults) {
    /** A run that takes no faults on sidecars. */
    public static Means without(Activities activities, Guard guard, Waits waits) {
        return new Means(activities, Plan.NONE, guard, waits, new ActiveFaults());
    }
}
