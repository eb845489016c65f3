package dev.sluice.control.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.MigrationName;
import dev.sluice.contract.WindowName;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.control.audit.HashChain;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.Answer;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.MigrationProfile;
import dev.sluice.control.change.spec.MigrationSpec;
import dev.sluice.control.change.spec.Phase;
import dev.sluice.control.change.spec.Phase.Progress;
import dev.sluice.control.change.spec.WindowSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CalendarTest {
    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    private static final MigrationName SPLIT = new MigrationName("split");

    private Catalog catalog = Catalog.EMPTY;

    @Test
    void windows_are_told_opening_by_opening_in_utc_as_the_clocks_of_their_zone_say() {
        happened(
                new Event.WindowPut(
                        window("nights", WindowSpec.Kind.ALLOW, "2027-03-26T22:00", "FREQ=DAILY")));

        List<String> starts = values("DTSTART");

        assertThat(starts)
                .as("the clocks of Berlin go forward on 2027-03-28")
                .startsWith("20270326T210000Z", "20270327T210000Z", "20270328T200000Z");
        assertThat(values("DTEND")).startsWith("20270326T230000Z");
        assertThat(values("UID")).doesNotHaveDuplicates().hasSameSizeAs(starts);
        assertThat(values("TRANSP")).containsOnly("TRANSPARENT");
    }

    @Test
    void a_freeze_takes_up_time_and_its_text_is_escaped() {
        happened(
                new Event.WindowPut(
                        window("year-end", WindowSpec.Kind.FREEZE, "2026-12-20T00:00", "")));

        assertThat(values("SUMMARY")).containsExactly("Freeze: Year end\\, 2026\\; no\\\\steps");
        assertThat(values("CATEGORIES")).containsExactly("FREEZE");
        assertThat(values("TRANSP")).containsExactly("OPAQUE");
    }

    @Test
    void a_migration_tells_its_milestones_and_when_legacy_may_go() {
        MigrationProfile nothing = MigrationProfile.EMPTY;
        happened(
                new Event.MigrationPut(
                        Fixtures.with(
                                Fixtures.migration(
                                        "split", "orders", StoreKind.SHARED, List.of("db/o")),
                                MigrationSpec.Risk.LOW,
                                new MigrationProfile(
                                        nothing.scope(),
                                        new MigrationProfile.People(
                                                List.of(),
                                                List.of(
                                                        new MigrationProfile.Milestone(
                                                                "half",
                                                                LocalDate.parse("2026-12-24"))),
                                                List.of()),
                                        nothing.impact(),
                                        nothing.goals(),
                                        Optional.of(
                                                new MigrationProfile.DeprecationWindow(
                                                        NOW,
                                                        NOW.plus(Duration.ofDays(30)),
                                                        Optional.empty()))))));

        assertThat(values("SUMMARY"))
                .containsExactly(
                        "split: EXPAND PLANNED", "split: half", "split: legacy may go away");
        assertThat(Calendar.of(catalog, NOW)).contains("DTSTART;VALUE=DATE:20261224\r\n");
    }

    @Test
    void a_migration_tells_its_phase_when_it_was_kept_and_when_approvals_expire() {
        happened(
                new Event.MigrationPut(
                        Fixtures.migration("split", "orders", StoreKind.SHARED, List.of("db/o"))));
        happened(
                new Event.MigrationMoved(
                        SPLIT, Phase.VERIFY, Progress.RESTING, Optional.empty(), "verified next"));
        happened(
                new Event.MigrationAnswered(
                        SPLIT,
                        catalog.migration(SPLIT).orElseThrow().consent().plan(),
                        Answer.APPROVED,
                        Set.of()));

        assertThat(values("SUMMARY"))
                .containsExactly(
                        "split: VERIFY RESTING",
                        "split: VERIFY was kept long enough",
                        "split: the approval of admin expires");
        assertThat(values("DTSTART"))
                .containsExactly("20261101T080000Z", "20261101T090000Z", "20261108T080000Z");
        assertThat(values("DTEND")).isEmpty();
    }

    @Test
    void lines_end_in_crlf_and_are_no_longer_than_75_bytes_nor_cut_in_a_character() {
        happened(new Event.WindowPut(window("w", WindowSpec.Kind.ALLOW, "2026-12-20T00:00", "")));
        String text = Calendar.of(catalog, NOW);

        assertThat(text).startsWith("BEGIN:VCALENDAR\r\n").endsWith("END:VCALENDAR\r\n");
        assertThat(text.replace("\r\n", "")).doesNotContain("\r", "\n");
        String folded =
                new IcsText().text("SUMMARY", "\u00e4\u20ac\ud83d\ude80".repeat(40)).toString();
        assertThat(folded.split("\r\n"))
                .hasSizeGreaterThan(4)
                .allSatisfy(line ->
                        assertThat(line.getBytes(StandardCharsets.UTF_8).length)
                                .isLessThanOrEqualTo(75));
        assertThat(folded.replace("\r\n ", ""))
                .isEqualTo("SUMMARY:" + "\u00e4\u20ac\ud83d\ude80".repeat(40) + "\r\n");
    }

    @Test
    void text_of_people_can_begin_no_line_of_its_own() {
        String ics = new IcsText().text("SUMMARY", "a\r\nEND:VEVENT\nb\u0007").toString();

        assertThat(ics).isEqualTo("SUMMARY:a\\nEND:VEVENT\\nb \r\n");
    }

    private void happened(Event event) {
        catalog = catalog.apply(HashChain.link(catalog.head(), 1, Fixtures.STAMP, event));
    }

    private List<String> values(String name) {
        return Calendar.of(catalog, NOW)
                .replace("\r\n ", "")
                .lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1))
                .toList();
    }

    private static WindowSpec window(String id, WindowSpec.Kind kind, String start, String rule) {
        return new WindowSpec(
                new WindowName(id),
                kind == WindowSpec.Kind.FREEZE
                        ? new Description("Year end, 2026; no\\steps", "", Map.of())
                        : Description.NONE,
                kind,
                LocalDateTime.parse(start),
                "Europe/Berlin",
                Duration.ofHours(2),
                rule.isEmpty() ? Optional.empty() : Optional.of(rule),
                Optional.empty(),
                List.of(),
                List.of());
    }
}
