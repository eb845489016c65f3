package dev.sluice.control.admin.migration;

import dev.sluice.admin.v1.Window;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.contract.WindowName;
import dev.sluice.control.admin.desk.Form;
import dev.sluice.control.admin.desk.Times;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.MigrationSpec.Risk;
import dev.sluice.control.change.spec.Phase;
import dev.sluice.control.change.spec.Recurrence;
import dev.sluice.control.change.spec.WindowSpec;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Windows on the wire. Immutable. */
final class WindowForm implements Form<Window, WindowSpec, dev.sluice.control.catalog.Window> {
    @Override
    public Window write(dev.sluice.control.catalog.Window window, Catalog catalog) {
        WindowSpec spec = window.spec();
        return Window.newBuilder()
                .setName(spec.name().name())
                .setEtag(window.meta().etag())
                .setCreateTime(Times.write(window.meta().createTime()))
                .setUpdateTime(Times.write(window.meta().updateTime()))
                .setDisplayName(spec.description().displayName())
                .setOwner(spec.description().owner())
                .putAllLabels(spec.description().labels())
                .setKind(
                        switch (spec.kind()) {
                            case ALLOW -> Window.Kind.ALLOW;
                            case FREEZE -> Window.Kind.FREEZE;
                            case PEAK -> Window.Kind.PEAK;
                        })
                .setStart(spec.start().toString())
                .setTimeZone(spec.zone())
                .setDuration(Times.write(spec.length()))
                .setRecurrence(spec.rule().orElse(""))
                .setLastDay(spec.lastDay().map(LocalDate::toString).orElse(""))
                .addAllRisks(spec.risks().stream().map(MigrationWords::write).toList())
                .addAllPhases(spec.phases().stream().map(MigrationWords::write).toList())
                .build();
    }

    @Override
    public Optional<WindowSpec> read(Window message, Problems at) {
        int before = at.count();
        Optional<WindowName> name = WindowName.parse(message.getName(), at.field("name"));
        Optional<WindowSpec.Kind> kind = kind(message, at.field("kind"));
        Optional<LocalDateTime> start =
                time(
                        message.getStart(),
                        LocalDateTime::parse,
                        "a local time such as 2026-11-02T09:00",
                        at.field("start"));
        Optional<ZoneId> zone =
                time(
                        message.getTimeZone(),
                        ZoneId::of,
                        "an IANA name such as Europe/Berlin",
                        at.field("time_zone"));
        Duration length = Times.read(message.getDuration(), at.field("duration"));
        String rule = message.getRecurrence();
        if (!rule.isEmpty()) {
            var unused = Recurrence.parse(rule, at.field("recurrence"));
        }
        Optional<LocalDate> lastDay =
                message.getLastDay().isEmpty()
                        ? Optional.empty()
                        : time(
                                message.getLastDay(),
                                LocalDate::parse,
                                "a day such as 2026-12-24",
                                at.field("last_day"));
        List<Risk> risks = risks(message, at.field("risks"));
        List<Phase> phases = phases(message, at.field("phases"));
        return at.count() > before
                ? Optional.empty()
                : Optional.of(
                        new WindowSpec(
                                name.orElseThrow(),
                                new Description(
                                        message.getDisplayName(),
                                        message.getOwner(),
                                        message.getLabelsMap()),
                                kind.orElseThrow(),
                                start.orElseThrow(),
                                zone.orElseThrow().getId(),
                                length,
                                rule.isEmpty() ? Optional.empty() : Optional.of(rule),
                                lastDay,
                                risks,
                                phases));
    }

    private static Optional<WindowSpec.Kind> kind(Window message, Problems at) {
        return switch (message.getKind()) {
            case ALLOW -> Optional.of(WindowSpec.Kind.ALLOW);
            case FREEZE -> Optional.of(WindowSpec.Kind.FREEZE);
            case PEAK -> Optional.of(WindowSpec.Kind.PEAK);
            case KIND_UNSPECIFIED, UNRECOGNIZED -> {
                at.add(
                        Integer.toString(message.getKindValue()),
                        "ALLOW, FREEZE or PEAK",
                        "say whether it lets or holds");
                yield Optional.empty();
            }
        };
    }

    private static <T> Optional<T> time(
            String text, Function<String, T> parse, String expected, Problems at) {
        try {
            return Optional.of(parse.apply(text));
        } catch (DateTimeException e) {
            at.add(Problem.quote(text), expected, "correct it");
            return Optional.empty();
        }
    }

    private static List<Risk> risks(Window message, Problems at) {
        List<Risk> risks = new ArrayList<>();
        for (int i = 0; i < message.getRisksCount(); i++) {
            var said = message.getRisks(i);
            Stream.of(Risk.values())
                    .filter(risk -> MigrationWords.write(risk) == said)
                    .findFirst()
                    .ifPresentOrElse(risks::add, unknown(message.getRisksValue(i), at.index(i)));
        }
        return risks;
    }

    private static List<Phase> phases(Window message, Problems at) {
        List<Phase> phases = new ArrayList<>();
        for (int i = 0; i < message.getPhasesCount(); i++) {
            var said = message.getPhases(i);
            Stream.of(Phase.values())
                    .filter(phase -> MigrationWords.write(phase) == said)
                    .findFirst()
                    .ifPresentOrElse(phases::add, unknown(message.getPhasesValue(i), at.index(i)));
        }
        return phases;
    }

    private static Runnable unknown(int number, Problems at) {
        return () -> at.add(Integer.toString(number), "a known one", "choose one, or none for all");
    }
}
