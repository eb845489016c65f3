package dev.sluice.control.judge;

import dev.sluice.control.change.JudgedStep;
import dev.sluice.control.change.Verdict;

/**
 * Says whether a new arm is worse than the legacy arm beside it. Pure: valid at every look, and the
 * same, bit for bit, for the same record. No data is never success.
 */
@FunctionalInterface
public interface Judge {
    /** The verdict, which carries the record that it was made from. */
    Verdict judge(JudgedStep step);
}
