package dev.sluice.control.lifecycle.window;

import dev.sluice.control.change.spec.Recurrence;
import dev.sluice.control.change.spec.WindowSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * When windows are open. A window opens by the clocks of its zone: an hour that they skip counts as
 * the hour after, one that they repeat as the first of both (RFC 5545, 3.3.5). Its length is of
 * real time. Stateless.
 */
public final class Openings {
    /** How far is looked ahead. */
    public static final Duration HORIZON = Duration.ofDays(3_653);

    private static final Duration NEAR = Duration.ofDays(40);

    private Openings() {}

    /** One time that a window is open; the end is no part of it. */
    public record Span(Instant start, Instant end) {
        boolean has(Instant time) {
            return !time.isBefore(start) && time.isBefore(end);
        }
    }

    /**
     * The spans of a window that are not over, in the order of time.
     *
     * @param from when they may not be over
     * @param to before which they open
     * @param most how many are looked for
     */
    public static List<Span> of(WindowSpec window, Instant from, Instant to, int most) {
        ZoneId zone = window.zoneId();
        LocalDate first = window.start().toLocalDate();
        Optional<Recurrence> rule = window.recurrence();
        LocalDate day =
                max(first, LocalDate.ofInstant(from.minus(window.length()), zone).minusDays(1));
        LocalDate last = LocalDate.ofInstant(to, zone);
        last = rule.isEmpty() ? min(last, first) : last;
        last = window.lastDay().isPresent() ? min(last, window.lastDay().get()) : last;
        List<Span> spans = new ArrayList<>();
        for (; !day.isAfter(last) && spans.size() < most; day = day.plusDays(1)) {
            if (rule.isEmpty() || rule.get().isOn(first, day)) {
                Span span = on(window, day, zone);
                if (span.end().isAfter(from) && span.start().isBefore(to)) {
                    spans.add(span);
                }
            }
        }
        return spans;
    }

    /** Whether these windows let a step be taken at a time. */
    static boolean let(List<WindowSpec> windows, Instant time) {
        List<WindowSpec> allowing = of(windows, WindowSpec.Kind.ALLOW);
        return windows.stream()
                        .filter(window -> window.kind().holds())
                        .noneMatch(one -> isOpen(one, time))
                && (allowing.isEmpty() || allowing.stream().anyMatch(one -> isOpen(one, time)));
    }

    /** The first time from now on when these windows let a step be taken. */
    public static Optional<Instant> next(List<WindowSpec> windows, Instant now) {
        Optional<Instant> near = next(windows, now, NEAR);
        return near.isPresent() ? near : next(windows, now, HORIZON);
    }

    /** What was closed can only have opened when an ALLOW begins or a FREEZE ends. */
    private static Optional<Instant> next(List<WindowSpec> windows, Instant now, Duration ahead) {
        TreeSet<Instant> turns = new TreeSet<>();
        turns.add(now);
        for (WindowSpec window : windows) {
            for (Span span : of(window, now, now.plus(ahead), Integer.MAX_VALUE)) {
                turns.add(window.kind() == WindowSpec.Kind.ALLOW ? span.start() : span.end());
            }
        }
        return turns.tailSet(now, true).stream().filter(time -> let(windows, time)).findFirst();
    }

    static boolean isOpen(WindowSpec window, Instant time) {
        return of(window, time, time.plusNanos(1), Integer.MAX_VALUE).stream()
                .anyMatch(span -> span.has(time));
    }

    private static List<WindowSpec> of(List<WindowSpec> windows, WindowSpec.Kind kind) {
        return windows.stream().filter(window -> window.kind() == kind).toList();
    }

    private static Span on(WindowSpec window, LocalDate day, ZoneId zone) {
        Instant start =
                LocalDateTime.of(day, window.start().toLocalTime()).atZone(zone).toInstant();
        return new Span(start, start.plus(window.length()));
    }

    private static LocalDate max(LocalDate one, LocalDate other) {
        return one.isAfter(other) ? one : other;
    }

    private static LocalDate min(LocalDate one, LocalDate other) {
        return one.isBefore(other) ? one : other;
    }
}
