package dev.sluice.control.query;

import java.time.Instant;

/** What came of one query. Immutable. */
sealed interface Reply {
    /**
     * One value.
     *
     * @param value finite
     * @param time for which the server computed it
     */
    record Value(double value, Instant time) implements Reply {}

    /**
     * No value.
     *
     * @param why for people
     */
    record Nothing(String why) implements Reply {}
}
