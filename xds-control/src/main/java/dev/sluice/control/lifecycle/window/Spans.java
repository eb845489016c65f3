package dev.sluice.control.lifecycle.window;

import dev.sluice.control.change.spec.WindowSpec;
import dev.sluice.control.lifecycle.window.Openings.Span;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** When several windows together let a step be taken. Stateless. */
public final class Spans {
    private Spans() {}

    /**
     * The spans in which they do, in the order of time, none touching the next: what some ALLOW is
     * open for, or all of it without one, less what some FREEZE is open for.
     *
     * @param to end of the last, at most
     */
    public static List<Span> letting(List<WindowSpec> windows, Instant from, Instant to) {
        boolean allowed = windows.stream().anyMatch(it -> !it.kind().holds());
        List<Span> open =
                allowed
                        ? open(windows, it -> !it.kind().holds(), from, to)
                        : List.of(new Span(from, to));
        for (Span frozen : open(windows, it -> it.kind().holds(), from, to)) {
            open = without(open, frozen);
        }
        return open;
    }

    /** Of some windows, put together and cut to the time that is looked at. */
    private static List<Span> open(
            List<WindowSpec> windows, Predicate<WindowSpec> which, Instant from, Instant to) {
        List<Span> all = new ArrayList<>();
        for (WindowSpec window : windows) {
            if (which.test(window)) {
                all.addAll(Openings.of(window, from, to, Integer.MAX_VALUE));
            }
        }
        all.sort(Comparator.comparing(Span::start));
        List<Span> together = new ArrayList<>();
        for (Span span : all) {
            Span cut = new Span(later(span.start(), from), earlier(span.end(), to));
            if (together.isEmpty() || together.getLast().end().isBefore(cut.start())) {
                together.add(cut);
            } else {
                Span before = together.removeLast();
                together.add(new Span(before.start(), later(before.end(), cut.end())));
            }
        }
        return together;
    }

    private static List<Span> without(List<Span> open, Span frozen) {
        List<Span> left = new ArrayList<>();
        for (Span span : open) {
            Span before = new Span(span.start(), earlier(span.end(), frozen.start()));
            Span after = new Span(later(span.start(), frozen.end()), span.end());
            for (Span part : List.of(before, after)) {
                if (part.start().isBefore(part.end())) {
                    left.add(part);
                }
            }
        }
        return left;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
