package dev.sluice.control.evidence;

import dev.sluice.control.change.Verdict;

/**
 * Says whether a new arm is worse than the legacy arm beside it. Pure: valid at every look, and the
 * same for the same evidence. No data is never success.
 */
@FunctionalInterface
public interface Judge {
    Verdict judge(StepEvidence evidence);
}
