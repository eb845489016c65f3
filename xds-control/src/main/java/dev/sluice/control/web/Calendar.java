package dev.sluice.control.web;

import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Consent;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.catalog.Window;
import dev.sluice.control.change.Answer;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.MigrationProfile.Milestone;
import dev.sluice.control.change.spec.WindowSpec;
import dev.sluice.control.lifecycle.migration.LeastStay;
import dev.sluice.control.lifecycle.window.Openings;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;

/**
 * Windows and milestones as a calendar to subscribe to (RFC 5545): when windows and freezes are
 * open, since when a migration is in its phase, when it has stayed there long enough, when an
 * approval of it expires. Times are in UTC, opening by opening, so that every reader has the hours
 * that the control plane itself goes by, also where clocks change. Stateless.
 */
final class Calendar {
    static final String CONTENT_TYPE = "text/calendar; charset=utf-8";

    /** How far ahead windows are told. */
    private static final Duration AHEAD = Duration.ofDays(366);

    /** How long what is over stays. */
    private static final Duration BEHIND = Duration.ofDays(31);

    private static final int MOST_OPENINGS = 400;

    private Calendar() {}

    static String of(Catalog catalog, Instant now) {
        IcsText ics =
                new IcsText()
                        .line("BEGIN", "VCALENDAR")
                        .line("VERSION", "2.0")
                        .line("PRODID", "-//sluice.dev//control plane//EN")
                        .text("X-WR-CALNAME", "Sluice")
                        .line("REFRESH-INTERVAL;VALUE=DURATION", "PT15M");
        catalog.windows().forEach(window -> add(window, now, ics));
        catalog.migrations().forEach(migration -> add(migration, catalog, now, ics));
        return ics.line("END", "VCALENDAR").toString();
    }

    private static void add(Window window, Instant now, IcsText ics) {
        WindowSpec spec = window.spec();
        String word =
                switch (spec.kind()) {
                    case ALLOW -> "Window: ";
                    case FREEZE -> "Freeze: ";
                    case PEAK -> "Peak: ";
                };
        String summary = word + titled(spec.description(), spec.name().id());
        String about =
                "Risks: %s. Going on to: %s."
                        .formatted(
                                spec.risks().isEmpty() ? "all" : spec.risks(),
                                spec.phases().isEmpty() ? "all phases" : spec.phases());
        for (Openings.Span open :
                Openings.of(spec, now.minus(BEHIND), now.plus(AHEAD), MOST_OPENINGS)) {
            begin(spec.name() + "/" + open.start().getEpochSecond(), now, ics)
                    .time("DTSTART", open.start())
                    .time("DTEND", open.end())
                    .text("SUMMARY", summary)
                    .text("DESCRIPTION", about)
                    .line("CATEGORIES", spec.kind().name())
                    .line("TRANSP", spec.kind().holds() ? "OPAQUE" : "TRANSPARENT")
                    .line("END", "VEVENT");
        }
    }

    private static void add(Migration migration, Catalog catalog, Instant now, IcsText ics) {
        if (!migration.state().isOpen() && migration.since().isBefore(now.minus(BEHIND))) {
            return;
        }
        String name = titled(migration.spec().description(), migration.spec().name().id());
        milestone(
                migration,
                "phase",
                migration.since(),
                name + ": " + migration.phase() + " " + migration.progress(),
                now,
                ics);
        LeastStay.end(catalog, migration)
                .filter(end -> end.isAfter(migration.since()))
                .ifPresent(end ->
                        milestone(
                                migration,
                                "stay",
                                end,
                                name + ": " + migration.phase() + " was kept long enough",
                                now,
                                ics));
        for (Milestone one : migration.spec().profile().people().milestones()) {
            begin(migration.spec().name() + "/milestone/" + one.day() + "/" + one.title(), now, ics)
                    .line("DTSTART;VALUE=DATE", one.day().format(DateTimeFormatter.BASIC_ISO_DATE))
                    .text("SUMMARY", name + ": " + one.title())
                    .line("CATEGORIES", "MILESTONE")
                    .line("TRANSP", "TRANSPARENT")
                    .line("END", "VEVENT");
        }
        migration
                .spec()
                .profile()
                .deprecation()
                .ifPresent(window ->
                        milestone(
                                migration,
                                "sunset",
                                window.sunset(),
                                name + ": legacy may go away",
                                now,
                                ics));
        if (migration.state().isOpen()) {
            Duration validity = catalog.policyOf(migration).validity();
            for (Consent.Given given : migration.consent().answers()) {
                if (given.answer() == Answer.APPROVED) {
                    milestone(
                            migration,
                            "approval/" + given.by().name(),
                            given.time().plus(validity),
                            name + ": the approval of " + given.by().name() + " expires",
                            now,
                            ics);
                }
            }
        }
    }

    /** An event of no length (RFC 5545, 3.6.1: a DTSTART alone). */
    private static void milestone(
            Migration migration,
            String what,
            Instant time,
            String summary,
            Instant now,
            IcsText ics) {
        begin(migration.spec().name() + "/" + what, now, ics)
                .time("DTSTART", time)
                .text("SUMMARY", summary)
                .text("DESCRIPTION", migration.message())
                .line("CATEGORIES", "MIGRATION")
                .line("TRANSP", "TRANSPARENT")
                .line("END", "VEVENT");
    }

    private static IcsText begin(String id, Instant now, IcsText ics) {
        return ics.line("BEGIN", "VEVENT").text("UID", id + "@sluice.dev").time("DTSTAMP", now);
    }

    private static String titled(Description description, String id) {
        return description.displayName().isEmpty() ? id : description.displayName();
    }
}
