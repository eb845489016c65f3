package dev.sluice.control.cli.session;

import io.grpc.Status;

/** What the command line exits with; scripts may rely on these numbers. */
public enum ExitCode {
    /** Done. */
    OK(0, "done"),
    /** The control plane understood and refused: the state of things forbids it. */
    REFUSED(1, "refused in the present state (failed precondition)"),
    /** Wrong use of the command line, or a resource that is not valid. */
    INVALID(2, "wrong use, or an invalid resource or file"),
    /** No such resource. */
    NOT_FOUND(3, "not found"),
    /** No answer from a control plane in time. */
    UNAVAILABLE(4, "no control plane answered in time"),
    /** Somebody else changed it first: read again and repeat. */
    STALE(5, "stale etag: it was changed meanwhile"),
    /** No token, or one that is not accepted. */
    DENIED(6, "no token, or not allowed"),
    /** There is one already. */
    EXISTS(7, "exists already"),
    /** `plan` found something to do; nothing was done. */
    CHANGES(8, "plan: there is something to do"),
    /** A defect on either side. */
    INTERNAL(70, "internal error");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    public int number() {
        return number;
    }

    /** For help texts. */
    public String meaning() {
        return meaning;
    }

    /** What a call's end means to a script. */
    static ExitCode of(Status.Code code) {
        return switch (code) {
            case OK -> OK;
            case FAILED_PRECONDITION -> REFUSED;
            case INVALID_ARGUMENT, OUT_OF_RANGE -> INVALID;
            case NOT_FOUND -> NOT_FOUND;
            case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, RESOURCE_EXHAUSTED -> UNAVAILABLE;
            case ABORTED -> STALE;
            case UNAUTHENTICATED, PERMISSION_DENIED -> DENIED;
            case ALREADY_EXISTS -> EXISTS;
            case UNKNOWN, UNIMPLEMENTED, INTERNAL, DATA_LOSS -> INTERNAL;
        };
    }
}
