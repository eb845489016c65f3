package dev.sluice.proxy.observe;

/** What the faults that were injected into a request mean for evidence. */
public enum FaultMark {
    /** There was none before the decided arm's first attempt had its result. */
    NONE,
    /** It counts as it ended. */
    COUNTED,
    /** It is left out; so is every request that is a copy of another one. */
    EXCLUDED
}
