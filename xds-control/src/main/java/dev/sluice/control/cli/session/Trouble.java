package dev.sluice.control.cli.session;

import dev.sluice.contract.Problem;
import java.util.List;

/**
 * Ends a command that cannot go on by its own judgement, before or without a call. Immutable.
 *
 * <p>Says everything that is wrong, what was got, what was expected and what to do.
 */
public final class Trouble extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ExitCode exitCode;
    private final transient List<Problem> problems;

    public Trouble(ExitCode exitCode, List<Problem> problems) {
        super(
                problems.getFirst().message(),
                null,
                /* enableSuppression= */ false,
                /* writableStackTrace= */ false);
        this.exitCode = exitCode;
        this.problems = List.copyOf(problems);
    }

    public Trouble(ExitCode exitCode, String what, String got, String expected, String remedy) {
        this(exitCode, List.of(new Problem(what, got, expected, remedy)));
    }

    public ExitCode exitCode() {
        return exitCode;
    }

    public List<Problem> problems() {
        return problems;
    }
}
