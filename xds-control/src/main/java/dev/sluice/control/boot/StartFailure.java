package dev.sluice.control.boot;

import dev.sluice.contract.Problem;

/** A control plane could not start; the problem says why and what to do. Immutable. */
final class StartFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    StartFailure(Problem problem) {
        super(problem.message());
        this.problem = problem;
    }

    StartFailure(Problem problem, Throwable cause) {
        super(problem.message(), cause);
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }
}
