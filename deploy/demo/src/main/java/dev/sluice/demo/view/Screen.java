package dev.sluice.demo.view;

import dev.sluice.demo.load.Findings;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where the demo tells what happens: lines, and on a terminal a picture of the ramp that is drawn
 * over itself. Thread-safe.
 */
public final class Screen {
    private final PrintStream out;
    private final Paint paint;
    private final Optional<Drawing> drawing; // absent: each line is printed once
    private boolean tableBegun;

    private Screen(PrintStream out, Paint paint, Optional<Drawing> drawing) {
        this.out = out;
        this.paint = paint;
        this.drawing = drawing;
    }

    /** Plain lines, each printed once: for pipes, logs and terminals that can't move the cursor. */
    public static Screen plain(PrintStream out) {
        return new Screen(out, Paint.NONE, Optional.empty());
    }

    /** A terminal with colours. */
    public static Screen coloured(PrintStream out) {
        return new Screen(out, Paint.SGR, Optional.of(new Drawing(out)));
    }

    /** A terminal whose user wants no colours. */
    public static Screen colourless(PrintStream out) {
        return new Screen(out, Paint.NONE, Optional.of(new Drawing(out)));
    }

    /** A heading. */
    public synchronized void title(String text) {
        drawing.ifPresent(Drawing::keep);
        out.println();
        out.println(paint.bold(text));
    }

    /** One thing that happened. */
    public synchronized void line(String text) {
        drawing.ifPresent(Drawing::keep);
        out.println("  " + text);
        out.flush();
    }

    /** The ramp as it is, and the steps that ended since the last look. */
    synchronized void ramp(RampView.Look look, List<Step> ended) {
        if (drawing.isEmpty()) {
            ended.forEach(this::step);
            return;
        }
        TerminalSize size = TerminalSize.now();
        drawing.get().draw(new RampFrame(paint, size).lines(look), size.columns());
    }

    private void step(Step step) {
        if (!tableBegun) {
            out.println(RampFrame.TABLE_HEAD);
            tableBegun = true;
        }
        out.println(RampFrame.tableRow(step));
        out.flush();
    }

    /** The summary of what was checked. */
    public synchronized void findings(Findings findings) {
        drawing.ifPresent(Drawing::keep);
        tableBegun = false;
        out.println();
        for (Findings.Check check : findings.checks()) {
            String mark = check.holds() ? paint.green("ok  ") : paint.red("FAIL");
            out.printf(Locale.ROOT, "  %s %s (%,d)%n", mark, check.claim(), check.counted());
            check.violations().forEach(violation -> out.println("         " + violation));
            if (check.counted() == 0) {
                out.println("         nothing was there to check (expected: at least one case)");
            }
        }
        out.flush();
    }

    /** Gives the terminal back as it was. */
    public synchronized void close() {
        drawing.ifPresent(Drawing::keep);
        out.flush();
    }
}
