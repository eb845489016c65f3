package dev.sluice.demo.view;

import dev.sluice.admin.v1.Ramp;
import dev.sluice.admin.v1.Verdict;
import dev.sluice.demo.load.Entry;
import dev.sluice.demo.load.Findings;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/**
 * Where the demo tells what happens: lines, and on a terminal a table of the ramp that is drawn
 * over itself. Used by one thread.
 */
public final class Screen {
    private static final String HEADER =
            "  step      share    new req   err   p50 ms   p99 ms  |  legacy req   err   p50 ms   p99 ms  |  verdict";

    private final PrintStream out;
    private final boolean live;
    private int drawn;

    /**
     * @param live the output is a terminal, and lines may be drawn over
     */
    public Screen(PrintStream out, boolean live) {
        this.out = out;
        this.live = live;
    }

    /** A heading. */
    public void title(String text) {
        settle();
        out.println();
        out.println(bold(text));
    }

    /** One thing that happened. */
    public void line(String text) {
        settle();
        out.println("  " + text);
        out.flush();
    }

    /**
     * The ramp as it is.
     *
     * @param recent what users saw in the step so far
     */
    public void ramp(Ramp ramp, List<Entry> recent) {
        if (!live) {
            return;
        }
        erase();
        out.println(bold(HEADER));
        for (int i = 0; i < ramp.getHistoryCount(); i++) {
            out.println(dim(past(i, ramp.getHistory(i))));
        }
        out.println(present(ramp, recent));
        out.println("  " + dim(ramp.getStatusMessage()));
        drawn = ramp.getHistoryCount() + 3;
        out.flush();
    }

    /** A step that has ended, for outputs that are no terminal. */
    public void stepEnded(int step, Verdict verdict) {
        if (!live) {
            if (step == 0) {
                out.println(HEADER);
            }
            out.println(past(step, verdict));
            out.flush();
        }
    }

    /** The summary of what was checked. */
    public void findings(Findings findings) {
        settle();
        for (Findings.Check check : findings.checks()) {
            out.printf(
                    Locale.ROOT,
                    "  %s %s (%,d checked)%n",
                    check.holds() ? green("ok  ") : red("FAIL"),
                    check.claim(),
                    check.counted());
            check.violations().forEach(violation -> out.println("         " + violation));
            if (check.counted() == 0) {
                out.println("         nothing was there to check (expected: at least one case)");
            }
        }
        out.flush();
    }

    /** Leaves what is drawn on the screen and goes on below it. */
    private void settle() {
        drawn = 0;
    }

    private void erase() {
        if (drawn > 0) {
            out.print("\u001b[" + drawn + "A\u001b[J");
        }
    }

    private static String past(int step, Verdict verdict) {
        return String.format(
                Locale.ROOT,
                "  %4d %9.4g %%  %9d %5d %8s %8.1f  |  %10d %5d %8.1f %8.1f  |  %s",
                step + 1,
                verdict.getSharePpm() / 1e4,
                verdict.getNew().getRequests(),
                verdict.getNew().getErrors(),
                String.format(Locale.ROOT, "%.1f", verdict.getNew().getP50Micros() / 1e3),
                verdict.getNew().getP99Micros() / 1e3,
                verdict.getLegacy().getRequests(),
                verdict.getLegacy().getErrors(),
                verdict.getLegacy().getP50Micros() / 1e3,
                verdict.getLegacy().getP99Micros() / 1e3,
                verdict.getOutcome());
    }

    private static String present(Ramp ramp, List<Entry> recent) {
        StepNumbers onNew = StepNumbers.of(recent, "/new");
        StepNumbers onLegacy = StepNumbers.of(recent, "/legacy");
        return String.format(
                Locale.ROOT,
                "  %4d %9.4g %%  %9d %5d %8.1f %8.1f  |  %10d %5d %8.1f %8.1f  |  %s",
                ramp.getCurrentStep() + 1,
                ramp.getSteps(Math.min(ramp.getCurrentStep(), ramp.getStepsCount() - 1))
                                .getSharePpm()
                        / 1e4,
                onNew.requests(),
                onNew.errors(),
                onNew.p50Millis(),
                onNew.p99Millis(),
                onLegacy.requests(),
                onLegacy.errors(),
                onLegacy.p50Millis(),
                onLegacy.p99Millis(),
                ramp.hasVerdict() ? ramp.getVerdict().getOutcome() : "-");
    }

    private String bold(String text) {
        return style("1", text);
    }

    private String dim(String text) {
        return style("2", text);
    }

    private String green(String text) {
        return style("32", text);
    }

    private String red(String text) {
        return style("31", text);
    }

    private String style(String code, String text) {
        return live ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
