package dev.sluice.demo.view;

import java.io.PrintStream;
import java.util.List;

/**
 * The lines at the end of a terminal that are drawn over in place. A redraw writes each line over
 * the old one and clears only what is left of it, as one synchronized update, so that nothing
 * flickers. Used by one thread at a time.
 */
final class Drawing {
    private static final String HIDE_CURSOR = "\u001b[?25l";
    private static final String SHOW_CURSOR = "\u001b[?25h";
    private static final String BEGIN_UPDATE = "\u001b[?2026h"; // ignored where it is unknown
    private static final String END_UPDATE = "\u001b[?2026l";
    private static final String CLEAR_LINE_END = "\u001b[K";
    private static final String CLEAR_SCREEN_END = "\u001b[J";
    private static final String SGR = "\u001b\\[[0-9;]*m";

    private final PrintStream out;
    private List<String> drawn = List.of();

    Drawing(PrintStream out) {
        this.out = out;
    }

    /**
     * Draws lines over those of the last call.
     *
     * @param lines none wider than the terminal
     * @param columns of the terminal now
     */
    void draw(List<String> lines, int columns) {
        StringBuilder text = new StringBuilder(BEGIN_UPDATE).append(HIDE_CURSOR);
        int up = rowsTaken(columns);
        if (up > 0) {
            text.append("\u001b[").append(up).append('A');
        }
        lines.forEach(line -> text.append('\r').append(line).append(CLEAR_LINE_END).append('\n'));
        out.print(text.append(CLEAR_SCREEN_END).append(END_UPDATE));
        out.flush();
        drawn = lines;
    }

    /** A terminal that became narrower has broken the lines it shows. */
    private int rowsTaken(int columns) {
        return drawn.stream()
                .mapToInt(line -> line.replaceAll(SGR, "").length())
                .map(length -> Math.max(1, Math.ceilDiv(length, columns)))
                .sum();
    }

    /** Leaves what is drawn where it is; what follows goes below it. */
    void keep() {
        if (!drawn.isEmpty()) {
            out.println(SHOW_CURSOR);
            drawn = List.of();
        }
    }
}
