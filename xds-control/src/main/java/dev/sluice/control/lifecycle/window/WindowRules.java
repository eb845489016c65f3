package dev.sluice.control.lifecycle.window;

import dev.sluice.contract.WindowName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.catalog.Window;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.spec.MigrationSpec.Risk;
import dev.sluice.control.change.spec.WindowSpec;
import dev.sluice.control.lifecycle.decision.Decision;
import dev.sluice.control.lifecycle.decision.Ranges;
import dev.sluice.control.lifecycle.decision.Refusals;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Decides about windows. Immutable. */
public record WindowRules(Catalog catalog, CommandContext context) {
    private static final int MOST_WINDOWS = 100;
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(366);

    public Decision create(WindowSpec spec) {
        Refusals refusals = new Refusals();
        if (catalog.window(spec.name()).isPresent()) {
            refusals.exists(spec.name());
        } else if (catalog.windows().size() >= MOST_WINDOWS) {
            refusals.precondition(
                    "name",
                    MOST_WINDOWS + " windows",
                    "fewer than that",
                    "delete those that are over, or say several days with one rule");
        }
        check(spec, refusals);
        return refusals.orElse(() -> List.of(new Event.WindowPut(spec)));
    }

    public Decision update(WindowSpec spec) {
        Refusals refusals = new Refusals();
        Optional<Window> present = refusals.require(catalog.window(spec.name()), spec.name());
        present.ifPresent(window -> refusals.checkEtag(window, context));
        check(spec, refusals);
        boolean same = present.filter(window -> window.spec().equals(spec)).isPresent();
        return refusals.orElse(() -> same ? List.of() : List.of(new Event.WindowPut(spec)));
    }

    public Decision delete(WindowName name) {
        Refusals refusals = new Refusals();
        refusals.require(catalog.window(name), name)
                .ifPresent(window -> refusals.checkEtag(window, context));
        return refusals.orElse(() -> List.of(new Event.WindowDeleted(name)));
    }

    private void check(WindowSpec spec, Refusals refusals) {
        Ranges ranges = new Ranges(refusals);
        ranges.description(spec.description());
        ranges.duration("duration", spec.length(), SHORTEST, LONGEST);
        if (spec.kind() == WindowSpec.Kind.PEAK && !spec.phases().isEmpty()) {
            refusals.invalid(
                    "phases",
                    spec.phases(),
                    "none for a PEAK, which is about shares in every phase",
                    "leave them out, or say FREEZE");
        }
        Instant now = context.time();
        LocalDate first = spec.start().toLocalDate();
        if (spec.recurrence().filter(rule -> !rule.isOn(first, first)).isPresent()) {
            refusals.invalid(
                    "start",
                    spec.start() + ", " + spec.start().getDayOfWeek(),
                    "a day of its own rule",
                    "start on the first day that the rule names");
        }
        if (Openings.of(spec, now, now.plus(Openings.HORIZON), 1).isEmpty()) {
            refusals.invalid(
                    "recurrence",
                    "a window that never opens from now on",
                    "one that opens within ten years",
                    "correct start, rule and last day, or delete the window");
        }
    }

    /**
     * Windows in which no share of a target is raised that are open now.
     *
     * @param risk of the migration that moves it; empty for none
     */
    public static List<WindowSpec> peaks(Catalog catalog, Optional<Risk> risk, Instant now) {
        return open(
                catalog,
                WindowSpec.Kind.PEAK,
                window ->
                        window.risks().isEmpty()
                                || risk.filter(window.risks()::contains).isPresent(),
                now);
    }

    /**
     * Freezes that are open now and hold the further steps of a share that is on its way.
     *
     * @param moving the migration that moves it; empty for none
     */
    public static List<WindowSpec> freezes(
            Catalog catalog, Optional<Migration> moving, Instant now) {
        return open(
                catalog,
                WindowSpec.Kind.FREEZE,
                window ->
                        moving.map(it -> window.appliesTo(it.spec().product().risk(), it.phase()))
                                .orElse(window.risks().isEmpty() && window.phases().isEmpty()),
                now);
    }

    /** Whether a window, as it is written now, was there and open at a time. */
    public static boolean wasOpen(Catalog catalog, WindowName name, Instant time) {
        return catalog.window(name)
                .filter(window -> !window.meta().updateTime().isAfter(time))
                .filter(window -> Openings.isOpen(window.spec(), time))
                .isPresent();
    }

    private static List<WindowSpec> open(
            Catalog catalog, WindowSpec.Kind kind, Predicate<WindowSpec> applies, Instant now) {
        return catalog.windows().stream()
                .map(Window::spec)
                .filter(window -> window.kind() == kind)
                .filter(applies)
                .filter(window -> Openings.isOpen(window, now))
                .toList();
    }

    /**
     * Notes it when windows do not let a step be taken now.
     *
     * @param estimate how long it is expected to take; it is to be over before one holds it
     */
    public static void refuseClosed(
            List<WindowSpec> windows, Instant now, Duration estimate, Refusals refusals) {
        if (Openings.let(windows, now)) {
            refuseCrossing(windows, now, estimate, refusals);
            return;
        }
        List<String> freezing =
                windows.stream()
                        .filter(window -> window.kind().holds())
                        .filter(window -> Openings.isOpen(window, now))
                        .map(window -> window.name().name())
                        .toList();
        Optional<Instant> next = Openings.next(windows, now);
        refusals.precondition(
                "windows",
                freezing.isEmpty()
                        ? "none is open of "
                                + windows.stream()
                                        .filter(it -> it.kind() == WindowSpec.Kind.ALLOW)
                                        .map(it -> it.name().name())
                                        .toList()
                        : "frozen by " + freezing,
                next.map(time -> "from " + time + " on").orElse("a window that opens: none does"),
                next.isPresent()
                        ? "wait until then, or let an admin break the glass"
                        : "correct the windows: they never let this step be taken");
    }

    private static void refuseCrossing(
            List<WindowSpec> windows, Instant now, Duration estimate, Refusals refusals) {
        windows.stream()
                .filter(window -> window.kind().holds())
                .flatMap(window ->
                        Openings.of(window, now, now.plus(estimate), 1).stream()
                                .map(span -> new Crossing(window, span)))
                .min(Comparator.comparing(crossing -> crossing.span.start()))
                .ifPresent(first ->
                        refusals.precondition(
                                "windows",
                                "it is expected to take "
                                        + estimate
                                        + ", and "
                                        + first.window.name()
                                        + " opens at "
                                        + first.span.start(),
                                "an end before that",
                                "wait until "
                                        + first.span.end()
                                        + ", or let an admin break the glass"));
    }

    private record Crossing(WindowSpec window, Openings.Span span) {}
}
