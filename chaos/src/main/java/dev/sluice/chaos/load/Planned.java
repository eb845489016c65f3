package dev.sluice.chaos.load;

/**
 * One request before it is sent. Immutable.
 *
 * @param id counted from 0
 * @param key of its gate
 * @param target index among the targets
 * @param operation read or write
 * @param intended when it should begin, in nanoseconds from the start of the load
 */
public record Planned(long id, String key, int target, Operation operation, long intended) {
    /** What a request does to its key. */
    public enum Operation {
        /** Asks for the value. */
        READ,
        /** Sets a value that no other request sets. */
        WRITE
    }
}
