package dev.sluice.chaos.cli;

/** What {@code sluice chaos} exits with; scripts may rely on these numbers. */
enum ExitCode {
    /**
     * Done; of a run: every phase was as the experiment demands, and the fault was seen to bite.
     */
    PASSED(0, "passed"),
    /** The steady state broke during or after the fault, or a criterion was not met. */
    DEVIATED(1, "deviated: the steady state broke, or did not come back"),
    /** Wrong use, or a file that is not valid; nothing was injected. */
    INVALID(2, "wrong use, or an invalid file; nothing was injected"),
    /** The fault could not be applied or was not seen to bite, so nothing is proved. */
    INCONCLUSIVE(3, "inconclusive: the fault was not applied, or not seen to bite"),
    /** The steady state did not hold before the fault, so nothing was injected. */
    NOT_STEADY(4, "the steady state was not met before the fault"),
    /** A stop condition or a limit ended the run. */
    ABORTED(5, "aborted by a stop condition or a limit"),
    /** A fault may still be active. */
    NOT_RESTORED(6, "a rollback failed: a fault may still be active"),
    /** A defect, or the machine failed. */
    INTERNAL(70, "internal error"),
    /** Ended by a signal; everything was restored. */
    INTERRUPTED(130, "interrupted");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    int number() {
        return number;
    }

    /** For help texts. */
    String meaning() {
        return meaning;
    }
}
