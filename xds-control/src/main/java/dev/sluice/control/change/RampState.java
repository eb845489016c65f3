package dev.sluice.control.change;

/** Where a ramp is; the last two are ends and never left. */
public enum RampState {
    /** Raising the share by the plan. */
    RUNNING,
    /** Holding by a person's order. */
    PAUSED,
    /** Holding: the step asks for a person, or its longest soak is over without a verdict. */
    WAITING_FOR_APPROVAL,
    /** All steps done. */
    SUCCEEDED,
    /** Taken back, by verdict, trip or order. */
    ROLLED_BACK;

    /** Whether the ramp still drives its target. */
    public boolean isActive() {
        return this == RUNNING || this == PAUSED || this == WAITING_FOR_APPROVAL;
    }
}
