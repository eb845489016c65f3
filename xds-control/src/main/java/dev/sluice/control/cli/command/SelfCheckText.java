package dev.sluice.control.cli.command;

import dev.sluice.admin.v1.GateSelfCheck;
import dev.sluice.control.cli.output.Words;
import dev.sluice.control.cli.resource.Share;
import java.util.List;
import java.util.Locale;

/** What the judge found between two parts of legacy, for people. Stateless. */
final class SelfCheckText {
    private SelfCheckText() {}

    static List<String> of(GateSelfCheck check) {
        if (!check.hasRevision()) {
            return List.of("not looked at yet by this replica, or another one leads");
        }
        return List.of(
                "alarms:     "
                        + check.getAlarms()
                        + " of "
                        + check.getTrials()
                        + " trials with keys enough"
                        + rate(check),
                "now:        revision "
                        + Words.revision(check.getRevision())
                        + ", "
                        + check.getErrorKeys()
                        + " keys with an error, "
                        + check.getSlowKeys()
                        + " with a slow answer, "
                        + Share.text(check.getPartPpm())
                        + " of them against the rest",
                String.format(
                        Locale.ROOT,
                        "e-values:   errors at most %.3g, slowness at most %.3g; an alarm at %.3g",
                        check.getErrorEValue(),
                        check.getSlowEValue(),
                        check.getLimit()));
    }

    private static String rate(GateSelfCheck check) {
        return check.getTrials() == 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        " (%.2f %%, expected at most 1 %%)",
                        100.0 * check.getAlarms() / check.getTrials());
    }
}
