package dev.sluice.proxy.snapshot.runtime;

/**
 * A switch that a runtime value may turn (Envoy {@code RuntimeFeatureFlag}). Immutable.
 *
 * @param key of the runtime value; empty: the switch stands fast
 * @param fallback in force while there is no such value
 */
public record RuntimeFlag(String key, boolean fallback) {
    /** On, whatever the runtime says. */
    public static final RuntimeFlag ON = new RuntimeFlag("", /* fallback= */ true);
}
