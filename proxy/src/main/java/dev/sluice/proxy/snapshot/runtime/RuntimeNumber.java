package dev.sluice.proxy.snapshot.runtime;

/**
 * A number that a runtime value may replace (Envoy {@code RuntimeUInt32}). Immutable.
 *
 * @param key of the runtime value; empty: the number is fixed
 * @param fallback in force while there is no such value
 */
public record RuntimeNumber(String key, long fallback) {
    /** A number that no runtime value replaces. */
    public static RuntimeNumber fixed(long number) {
        return new RuntimeNumber("", number);
    }
}
