package dev.sluice.demo.view;

import dev.sluice.admin.v1.Ramp;
import dev.sluice.admin.v1.Verdict.Outcome;
import dev.sluice.demo.load.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The picture of one look at a ramp: phase, share, what users saw of both arms, what the judge
 * says, what happens next, what went wrong, and the steps before. No line is wider than the
 * terminal, and all fit on it: the oldest steps give way. Immutable.
 *
 * @param paint of the terminal
 * @param size of the terminal
 */
record RampFrame(Paint paint, TerminalSize size) {
    static final String TABLE_HEAD =
            "     share        new   err   p99 ms     legacy   err   p99 ms   verdict";

    private static final String ARMS_HEAD = "              requests   errors   p50 ms   p99 ms";
    private static final String INDENT = "          ";
    private static final int BAR = 48;

    List<String> lines(RampView.Look look) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        if (!look.phases().isEmpty()) {
            lines.addAll(said("phase", look.phases()));
        }
        lines.add(bar(look));
        lines.add("");
        lines.addAll(arms(look.present()));
        lines.add("");
        lines.addAll(said("judge", judge(look)));
        lines.addAll(said("next", NextMove.of(look)));
        look.present().firstError().ifPresent(error -> lines.addAll(said("error", wrong(error))));
        int room = size.rows() - 1 - lines.size() - 2;
        List<Step> past = look.past();
        if (!past.isEmpty() && room > 0) {
            lines.add("");
            lines.add(paint.dim(cut(TABLE_HEAD)));
            past.subList(Math.max(0, past.size() - room), past.size())
                    .forEach(step -> lines.add(row(step)));
        }
        return lines.subList(0, Math.min(lines.size(), size.rows() - 1));
    }

    /** One ended step. */
    static String tableRow(Step step) {
        return String.format(
                Locale.ROOT,
                "  %8s  %,9d %5d %8s  %,9d %5d %8s   %s",
                Words.percent(step.sharePpm()),
                step.fresh().requests(),
                step.fresh().errors(),
                Words.millis(step.fresh().p99Millis()),
                step.legacy().requests(),
                step.legacy().errors(),
                Words.millis(step.legacy().p99Millis()),
                Words.of(step.outcome()));
    }

    private String row(Step step) {
        String text = cut(tableRow(step));
        return step.outcome() == Outcome.DEGRADED ? paint.red(text) : text;
    }

    private String bar(RampView.Look look) {
        Ramp ramp = look.ramp();
        int width = Math.max(0, Math.min(BAR, size.columns() - 26));
        int filled = (int) ((long) look.sharePpm() * width / 1_000_000);
        String share = String.format(Locale.ROOT, "  %-8s", Words.percent(look.sharePpm()));
        int step = Math.min(ramp.getCurrentStep() + 1, ramp.getStepsCount());
        return paint.bold(share)
                + "█".repeat(filled)
                + paint.dim("░".repeat(width - filled))
                + cut("  step " + step + " of " + ramp.getStepsCount());
    }

    private List<String> arms(Step step) {
        List<String> lines = new ArrayList<>();
        lines.add(paint.dim(cut(ARMS_HEAD)));
        lines.add(arm("new", step.fresh()));
        lines.add(arm("legacy", step.legacy()));
        if (step.undecided().requests() > 0) {
            lines.add(arm("neither", step.undecided()));
        }
        return lines;
    }

    private String arm(String name, StepNumbers seen) {
        String text =
                String.format(
                        Locale.ROOT,
                        "  %-8s %,11d %8d %8s %8s",
                        name,
                        seen.requests(),
                        seen.errors(),
                        Words.millis(seen.p50Millis()),
                        Words.millis(seen.p99Millis()));
        return seen.errors() > 0 ? paint.red(cut(text)) : cut(text);
    }

    private static String judge(RampView.Look look) {
        if (!look.ramp().hasVerdict()) {
            return "has seen nothing yet";
        }
        String explanation = look.ramp().getVerdict().getExplanation();
        return Words.of(look.ramp().getVerdict().getOutcome())
                + (explanation.isEmpty() ? "" : ": " + explanation);
    }

    private static String wrong(Entry error) {
        return "first in this step: user " + error.call().user() + ", " + error.cause();
    }

    /** A labelled sentence, broken at blanks, on two lines at most. */
    private List<String> said(String label, String sentence) {
        String first = String.format(Locale.ROOT, "  %-8s", label);
        int width = size.columns() - INDENT.length();
        int end = sentence.length() <= width ? sentence.length() : sentence.lastIndexOf(' ', width);
        if (end <= 0) {
            return List.of(cut(first + sentence));
        }
        String rest = sentence.substring(end).strip();
        String head = paint.bold(first) + sentence.substring(0, end);
        return rest.isEmpty() ? List.of(head) : List.of(head, cut(INDENT + rest));
    }

    private String cut(String text) {
        return text.length() <= size.columns()
                ? text
                : text.substring(0, Math.max(0, size.columns() - 1)) + "…";
    }
}
