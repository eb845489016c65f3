package dev.sluice.chaos.run;

/** How a run ends, the gravest first: when several hold, the first of them is the verdict. */
public enum Verdict {
    /** A rollback failed: a fault may still be active. */
    NOT_RESTORED,
    /** Somebody ended it; everything was restored. */
    INTERRUPTED,
    /** A stop condition or the blast radius ended it. */
    ABORTED,
    /** The steady state was not met before the fault, so nothing was injected. */
    NOT_STEADY,
    /** The steady state broke while faults were on, or did not come back. */
    DEVIATED,
    /** A fault was not applied, or not seen to bite. */
    INCONCLUSIVE,
    /** Everything was as the experiment demands. */
    PASSED
}
