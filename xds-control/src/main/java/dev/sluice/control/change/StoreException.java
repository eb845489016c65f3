package dev.sluice.control.change;

import dev.sluice.contract.Problem;

/** The log failed; the problem says where, what and what to do. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public StoreException(Problem problem) {
        super(problem.message());
        this.problem = problem;
    }

    public StoreException(Problem problem, Throwable cause) {
        super(problem.message(), cause);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
