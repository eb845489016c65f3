package dev.sluice.control.cli;

/**
 * Ends a command that cannot go on by its own judgement, before or without a call. Immutable.
 *
 * <p>Says what is wrong, what was got, what was expected and what to do.
 */
final class Trouble extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ExitCode exitCode;
    private final String got;
    private final String expected;
    private final String remedy;

    Trouble(ExitCode exitCode, String what, String got, String expected, String remedy) {
        super(what, null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
        this.exitCode = exitCode;
        this.got = got;
        this.expected = expected;
        this.remedy = remedy;
    }

    ExitCode exitCode() {
        return exitCode;
    }

    String got() {
        return got;
    }

    String expected() {
        return expected;
    }

    String remedy() {
        return remedy;
    }
}
