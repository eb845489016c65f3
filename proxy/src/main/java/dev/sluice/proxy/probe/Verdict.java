package dev.sluice.proxy.probe;

/** What one check found. */
public enum Verdict {
    HEALTHY,
    /** It is well, and asks to be spared ({@code x-envoy-degraded}). */
    DEGRADED,
    /** It answered that it is not well, or not as one that is. */
    UNHEALTHY,
    /** It gave no answer that tells. */
    UNREACHED
}
