package dev.sluice.chaos.load;

/** What is checked of a ledger. */
public enum Check {
    /** No request is lost or has two answers, and no answer is another request's. */
    IDS,
    /** No user saw an error. */
    ERRORS,
    /** A key that was on NEW at a share stays there at every share not below, at each sidecar. */
    ARM,
    /** A sidecar decides by no lower revision of a gate than it did before. */
    REVISION,
    /** The share of keys on NEW is inside its 99.9 % binomial interval. */
    SHARE,
    /** A read shows what was last written to its key. */
    WRITES,
    /** No broken body was taken as complete. */
    BODIES,
    /** The generator kept up; a load that came late says nothing about the target. */
    RATE
}
