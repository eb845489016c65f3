package dev.sluice.control.change;

import dev.sluice.contract.Problem;
import java.util.List;

/** How an operation ended. Immutable. */
public sealed interface OperationOutcome {
    /**
     * The log was looked at.
     *
     * @param seq last event of the part that is whole
     * @param digest of the log up to that event
     * @param problems what is wrong after it; none: the log is whole
     */
    record LogVerified(long seq, Digest digest, List<Problem> problems)
            implements OperationOutcome {
        public LogVerified {
            problems = List.copyOf(problems);
        }
    }

    /**
     * A backup is there.
     *
     * @param file on the machine of the replica
     * @param replica its admin address
     * @param seq last event in it
     * @param digest of the log up to that event
     * @param bytes size of the file
     */
    record BackedUp(String file, String replica, long seq, Digest digest, long bytes)
            implements OperationOutcome {}

    /** Every key is back. */
    record RolledBack() implements OperationOutcome {}

    /**
     * It was not done, or not all of it.
     *
     * @param message for people
     */
    record Failed(Cause cause, String message) implements OperationOutcome {}

    /** Why an operation failed; the names are those of google.rpc.Code. */
    enum Cause {
        /** Somebody ended it. */
        CANCELLED,
        /** Somebody else decided anew what it was about. */
        ABORTED,
        /** A rule stands against it. */
        FAILED_PRECONDITION,
        /** The log could not be read for too long. */
        UNAVAILABLE,
        /** The log is not what it was. */
        DATA_LOSS,
        /** What it was to write can't be written. */
        INTERNAL
    }
}
