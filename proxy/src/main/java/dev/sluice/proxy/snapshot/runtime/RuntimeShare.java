package dev.sluice.proxy.snapshot.runtime;

import dev.sluice.contract.PartsPerMillion;

/**
 * A share that a runtime value may replace (Envoy {@code RuntimeFractionalPercent}). Immutable.
 *
 * @param key of the runtime value; empty: the share is fixed
 * @param fallback in force while there is no such value
 */
public record RuntimeShare(String key, PartsPerMillion fallback) {
    /** Everything, always. */
    public static final RuntimeShare ALL = fixed(PartsPerMillion.ALL);

    /** Nothing, ever. */
    public static final RuntimeShare NONE = fixed(PartsPerMillion.NONE);

    /** A share that no runtime value replaces. */
    public static RuntimeShare fixed(PartsPerMillion share) {
        return new RuntimeShare("", share);
    }

    /** Whether it is everything whatever the runtime says. */
    public boolean isAlwaysAll() {
        return key.isEmpty() && fallback.isAll();
    }
}
