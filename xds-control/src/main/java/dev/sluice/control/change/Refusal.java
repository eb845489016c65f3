package dev.sluice.control.change;

import dev.sluice.contract.Problem;

/**
 * One reason why a command changed nothing. Immutable.
 *
 * @param kind what class of reason
 * @param problem where, what, what was expected, what to do
 */
public record Refusal(Kind kind, Problem problem) {
    /** Classes of reasons; of several the first of this order names the answer. */
    public enum Kind {
        /** The principal may not do this. */
        DENIED,
        /** The store fails; nothing can be recorded now. */
        UNAVAILABLE,
        /** The command itself is wrong, whatever the state. */
        INVALID,
        /** What it names does not exist. */
        NOT_FOUND,
        /** What it creates exists. */
        ALREADY_EXISTS,
        /** The etag is not the current one. */
        ABORTED,
        /** The state does not allow it now. */
        PRECONDITION
    }

    public static Refusal of(
            Kind kind, String path, String got, String expected, String remedy) {
        return new Refusal(kind, new Problem(path, got, expected, remedy));
    }
}
