package dev.sluice.chaos.toxiproxy;

/** An API call that is refused, in Toxiproxy's words. Immutable. */
final class Refused extends Exception {
    /** Why calls are refused, with the status of each. */
    enum Reason {
        BAD_BODY("bad request body", 400),
        MISSING_FIELD("missing required field", 400),
        INVALID_STREAM("stream was invalid, can be either upstream or downstream", 400),
        INVALID_TYPE("invalid toxic type", 400),
        PROXY_NOT_FOUND("proxy not found", 404),
        TOXIC_NOT_FOUND("toxic not found", 404),
        PROXY_EXISTS("proxy already exists", 409),
        TOXIC_EXISTS("toxic already exists", 409);

        private final String words;
        private final int status;

        Reason(String words, int status) {
            this.words = words;
            this.status = status;
        }
    }

    private static final int MACHINE_FAILED = 500;

    private final int status;

    Refused(Reason reason) {
        super(reason.words);
        this.status = reason.status;
    }

    Refused(Reason reason, String detail) {
        super(reason.words + ": " + detail);
        this.status = reason.status;
    }

    /** The machine could not do it: an address that can't be bound or looked up. */
    Refused(String failure) {
        super(failure);
        this.status = MACHINE_FAILED;
    }

    int status() {
        return status;
    }

    String words() {
        return String.valueOf(getMessage());
    }
}
