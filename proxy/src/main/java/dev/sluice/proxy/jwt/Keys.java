package dev.sluice.proxy.jwt;

/** What is known of a provider's keys when a token is checked. Immutable. */
public sealed interface Keys {
    /** They are at hand. */
    record Known(KeySet set) implements Keys {}

    /** They could not be fetched. */
    record Unreachable() implements Keys {}

    /** They have to be fetched first. */
    record Wanted() implements Keys {}
}
