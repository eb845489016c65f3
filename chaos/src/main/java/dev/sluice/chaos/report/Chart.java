package dev.sluice.chaos.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Lines over time as SVG, with the time of faults shaded. Immutable.
 *
 * @param title says what is drawn, with its unit
 * @param timeline gives the values
 * @param series the lines
 * @param top largest value of the scale; empty for what the values need
 * @param shaded seconds from the start of the load; empty for none
 */
record Chart(
        String title,
        Timeline timeline,
        List<Series> series,
        Optional<Double> top,
        Optional<Window> shaded) {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 180;
    private static final int LEFT = 60;
    private static final int BOTTOM = 24;
    private static final int TOP = 8;
    private static final int TICKS = 4;
    private static final double[] STEPS = {1, 2, 2.5, 5};

    Chart {
        series = List.copyOf(series);
    }

    /**
     * One line.
     *
     * @param name in the legend, and the line's class in lower case
     * @param value of a slot; the line has a gap where it is not a number
     */
    record Series(String name, ToDoubleFunction<Timeline.Slot> value) {}

    /** A part of time, in seconds from the start of the load. */
    record Window(double from, double to) {}

    String svg() {
        double scale = scale();
        StringBuilder svg = new StringBuilder();
        svg.append("<figure><figcaption>").append(Markup.escaped(title));
        series.forEach(one ->
                svg.append(" <span class=\"%s\">%s</span>".formatted(style(one), one.name())));
        svg.append("</figcaption>\n");
        svg.append(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n"
                        .formatted(WIDTH, HEIGHT, Markup.escaped(title)));
        shaded.ifPresent(window -> svg.append(shade(window)));
        for (int i = 0; i <= TICKS; i++) {
            double value = scale * i / TICKS;
            double seconds = timeline.seconds() * i / TICKS;
            svg.append(
                    format(
                            "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
                            LEFT, WIDTH, y(value, scale), y(value, scale)));
            svg.append(
                    format(
                            "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
                            LEFT - 6, y(value, scale) + 4, number(value)));
            svg.append(
                    format(
                            "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s s</text>%n",
                            x(seconds),
                            HEIGHT - 6,
                            i == TICKS ? "end" : "middle",
                            number(seconds)));
        }
        series.forEach(one -> svg.append(line(one, scale)));
        return svg.append("</svg></figure>\n").toString();
    }

    private double scale() {
        double largest = 0;
        for (Series one : series) {
            for (Timeline.Slot slot : timeline.slots()) {
                double value = one.value().applyAsDouble(slot);
                largest = Double.isNaN(value) ? largest : Math.max(largest, value);
            }
        }
        return top.orElse(TICKS * step(largest / TICKS));
    }

    /** The next step at or above that people read at a glance: 1, 2, 2.5 or 5 times ten to any. */
    private static double step(double wanted) {
        if (wanted <= 0) {
            return 1;
        }
        double ten = Math.pow(10, Math.floor(Math.log10(wanted)));
        for (double factor : STEPS) {
            if (factor * ten >= wanted) {
                return factor * ten;
            }
        }
        return 10 * ten;
    }

    private String shade(Window window) {
        double from = Math.clamp(window.from(), 0, timeline.seconds());
        double to = Math.clamp(window.to(), 0, timeline.seconds());
        return format(
                "<rect class=\"fault\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>%n",
                x(from), TOP, x(to) - x(from), HEIGHT - BOTTOM - TOP);
    }

    /** A line for each run of slots that have a value; a lone one is a dot. */
    private String line(Series one, double scale) {
        StringBuilder lines = new StringBuilder();
        List<String> points = new ArrayList<>();
        for (int i = 0; i <= timeline.slots().size(); i++) {
            double value =
                    i < timeline.slots().size()
                            ? one.value().applyAsDouble(timeline.slots().get(i))
                            : Double.NaN;
            if (!Double.isNaN(value)) {
                double middle = (i + 0.5) * timeline.slotSeconds();
                points.add(format("%.1f,%.1f", x(middle), y(value, scale)));
            } else if (!points.isEmpty()) {
                lines.append(
                        "<polyline class=\"%s\" points=\"%s\"/>\n"
                                .formatted(style(one), String.join(" ", points)));
                points.clear();
            }
        }
        return lines.toString();
    }

    private static String style(Series one) {
        return one.name().toLowerCase(Locale.ROOT);
    }

    private double x(double seconds) {
        double all = Math.max(timeline.seconds(), 1e-9);
        return LEFT + seconds / all * (WIDTH - LEFT);
    }

    private static double y(double value, double scale) {
        return HEIGHT - BOTTOM - value / scale * (HEIGHT - BOTTOM - TOP);
    }

    private static String number(double value) {
        return value == Math.rint(value) || value >= 100
                ? format("%.0f", value)
                : format(
                        value < 10 && value * 10 != Math.rint(value * 10) ? "%.2f" : "%.1f", value);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
