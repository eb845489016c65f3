package dev.sluice.chaos.run;

import dev.sluice.chaos.report.Journal;
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
}
