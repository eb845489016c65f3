package dev.sluice.proxy.snapshot.filter;

import java.time.Duration;

/** Where the keys of a token provider come from. Immutable. */
public sealed interface KeySource {
    /**
     * They stand in the configuration.
     *
     * @param json JSON Web Key Set (RFC 7517)
     */
    record Local(String json) implements KeySource {}

    /**
     * They are fetched from the provider, by {@code GET}.
     *
     * @param cached how long a fetched set is used
     */
    record Remote(Target target, Duration cached, Fetching fetching, Repeats repeats)
            implements KeySource {}

    /**
     * Where a fetch goes.
     *
     * @param cluster that carries it
     * @param authority of the request
     * @param path with query
     * @param timeout of one attempt
     */
    record Target(String cluster, String authority, String path, Duration timeout) {}

    /** When keys are fetched. */
    sealed interface Fetching {
        /** When a request needs them. */
        record WhenNeeded() implements Fetching {}

        /**
         * Before a request needs them, and again before they are old.
         *
         * @param afterFailure from a failed fetch to the next one
         */
        record Ahead(Duration afterFailure, Start start) implements Fetching {}
    }

    /** What a new listener does about keys that are fetched ahead. */
    enum Start {
        /** It opens once they are there, or could not be fetched. */
        WITH_KEYS,
        /** It opens at once. */
        AT_ONCE
    }

    /**
     * What follows an attempt that got no answer, or a 5xx.
     *
     * @param most further attempts; 0..
     * @param base first wait, doubled with each; a random part of it is waited
     * @param longest wait
     */
    record Repeats(int most, Duration base, Duration longest) {
        /** None. */
        public static final Repeats NONE = new Repeats(0, Duration.ZERO, Duration.ZERO);
    }
}
