package dev.sluice.chaos.run;

import dev.sluice.chaos.experiment.Experiment;
import dev.sluice.chaos.report.Journal;
import java.time.Instant;
import java.util.List;

/**
 * How a run ended. Immutable but for the journal, which nobody writes to any more.
 *
 * @param failed whether the Chaos Toolkit would exit with 1
 * @param reasons why the verdict is not PASSED, in the order of happening
 */
public record Result(Verdict verdict, boolean failed, List<String> reasons, Journal journal) {
    public Result {
        reasons = List.copyOf(reasons);
    }

    /**
     * Of a run that a signal ended while its variables and targets were asked.
     *
     * @param begun when the asking began
     */
    public static Result beforeTheRun(
            Experiment experiment, Instant begun, Instant end, long seed) {
        String reason = "interrupted before anything was injected";
        Journal journal = new Journal(experiment.source(), begun, seed);
        journal.reason(reason);
        journal.end(end, "interrupted", /* deviated= */ false, Verdict.INTERRUPTED.name());
        return new Result(Verdict.INTERRUPTED, /* failed= */ true, List.of(reason), journal);
    }
}
