package dev.sluice.control.lifecycle.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.MigrationName;
import dev.sluice.contract.WindowName;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.MigrationReport;
import dev.sluice.control.change.spec.ApprovalPolicySpec;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.MigrationSpec.Risk;
import dev.sluice.control.change.spec.Phase;
import dev.sluice.control.change.spec.Phase.Progress;
import dev.sluice.control.change.spec.WindowSpec;
import dev.sluice.control.change.spec.WindowSpec.Kind;
import dev.sluice.control.lifecycle.World;
import dev.sluice.control.lifecycle.migration.MigrationOutlook.Conflict;
import dev.sluice.control.lifecycle.migration.MigrationOutlook.Entry;
import dev.sluice.control.lifecycle.window.Openings.Span;
import dev.sluice.control.lifecycle.window.Spans;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MigrationOutlookTest {
    /** A Sunday, 8:00 in UTC. */
    private static final Instant NOW = Fixtures.START;

    private static final Duration TWO_DAYS = Duration.ofDays(2);

    /** A stay of an hour in VERIFY, two steps and a soak of 30 s. */
    private static final Duration ONE = Duration.ofSeconds(3_600 + 90);

    private final World world = World.shop(0);

    private void plan(String id, StoreKind store, List<String> tables, String... dependsOn) {
        world.accept(new Command.CreateGate(Fixtures.gate("g-" + id, "orders", 0)));
        world.accept(
                new Command.CreateMigration(
                        Fixtures.migration(id, "g-" + id, store, tables, dependsOn)));
    }

    private void plan(String id, List<String> tables, String... dependsOn) {
        plan(id, StoreKind.SHARED, tables, dependsOn);
    }

    private MigrationOutlook outlook() {
        return MigrationOutlook.of(world.catalog(), NOW, TWO_DAYS);
    }

    private Entry entry(String id) {
        return outlook().entries().stream()
                .filter(entry -> entry.migration().name().equals(name(id)))
                .findFirst()
                .orElseThrow();
    }

    private static MigrationName name(String id) {
        return new MigrationName(id);
    }

    private List<String> order() {
        return outlook().entries().stream()
                .map(entry -> entry.migration().name().name().substring("migrations/".length()))
                .toList();
    }

    @Test
    void nothing_is_planned_without_migrations() {
        assertThat(outlook())
                .isEqualTo(new MigrationOutlook(List.of(), List.of(), List.of(), List.of()));
    }

    @Test
    void rarely_touched_tables_come_first_and_what_is_needed_before_what_needs_it() {
        plan("a", List.of("db/x"));
        plan("b", List.of("db/x", "db/y"));
        plan("c", List.of("db/z"), "a");
        plan("d", List.of("db/q"));

        assertThat(order()).containsExactly("d", "a", "c", "b");
        assertThat(entry("c").waitsFor()).containsExactly(name("a"));
        assertThat(entry("d").waitsFor()).isEmpty();
    }

    @Test
    void the_critical_path_is_the_chain_that_takes_longest() {
        plan("a", List.of());
        plan("b", List.of());
        plan("c", List.of(), "a", "b");
        plan("d", List.of(), "c");

        assertThat(outlook().criticalPath()).hasSize(3).endsWith(name("c"), name("d"));
        assertThat(entry("a").ahead()).isEqualTo(ONE);
        assertThat(entry("a").earliest()).isZero();
        assertThat(entry("d").earliest()).isEqualTo(ONE.multipliedBy(2));
    }

    @Test
    void what_changes_one_table_conflicts_unless_one_comes_after_the_other_anyway() {
        plan("a", List.of("db/x", "db/y"));
        plan("b", List.of("db/x"));
        plan("c", List.of(), "a");
        plan("d", List.of("db/y"), "c");

        assertThat(outlook().conflicts())
                .containsExactly(new Conflict(name("b"), name("a"), List.of("db/x"), List.of()));
    }

    @Test
    void the_soak_that_its_risk_asks_for_counts_when_it_is_longer() {
        plan("a", List.of());
        world.accept(
                new Command.PutApprovalPolicy(
                        new ApprovalPolicySpec(
                                Risk.HIGH, 0, List.of(), Duration.ofDays(7), Duration.ofHours(2))));

        assertThat(entry("a").ahead()).isEqualTo(ONE.plusHours(2));
    }

    @Test
    void phases_behind_it_take_no_time_and_windows_are_those_of_the_next_phase() {
        plan("a", List.of());
        freeze("backfill", "2026-11-01T00:00", 24, Phase.BACKFILL);
        freeze("expand", "2026-11-01T00:00", 48, Phase.EXPAND);
        List<Span> planned = entry("a").openings();
        world.accept(new Command.DeleteWindow(new WindowName("expand")));
        settle(new Command.AdvanceMigration(name("a")));

        assertThat(planned).containsExactly(span("2026-11-03T00:00:00Z", "2026-11-03T08:00:00Z"));
        assertThat(entry("a").openings())
                .containsExactly(span("2026-11-02T00:00:00Z", "2026-11-03T08:00:00Z"));

        world.accept(new Command.DeleteWindow(new WindowName("backfill")));
        for (String step : List.of("expand", "backfill", "verify")) {
            world.accept(
                    new Command.ReportMigration(
                            name("a"),
                            new MigrationReport(step, MigrationReport.Outcome.SUCCEEDED, "done")));
            if (!step.equals("verify")) {
                settle(new Command.AdvanceMigration(name("a")));
            }
        }
        assertThat(migration().phase()).isEqualTo(Phase.VERIFY);
        assertThat(entry("a").ahead()).as("no stay was behind it").isEqualTo(ONE);
    }

    private Migration migration() {
        return world.catalog().migration(name("a")).orElseThrow();
    }

    private void settle(Command advance) {
        world.accept(advance);
        while (migration().progress() != Progress.RESTING) {
            world.accept(
                    new Command.ConfirmMigration(
                            name("a"), migration().phase(), migration().progress()));
        }
    }

    @Test
    void windows_that_overlap_are_one_and_a_freeze_is_cut_out() {
        List<WindowSpec> windows =
                List.of(
                        daily("early", Kind.ALLOW, "2026-10-01T07:00", 3),
                        daily("late", Kind.ALLOW, "2026-10-01T10:00", 2),
                        daily("night", Kind.ALLOW, "2026-10-01T22:00", 1),
                        once("fair", "2026-11-01T09:00", 1));

        assertThat(Spans.letting(windows, NOW, NOW.plus(Duration.ofHours(24))))
                .containsExactly(
                        span("2026-11-01T08:00:00Z", "2026-11-01T09:00:00Z"),
                        span("2026-11-01T10:00:00Z", "2026-11-01T12:00:00Z"),
                        span("2026-11-01T22:00:00Z", "2026-11-01T23:00:00Z"),
                        span("2026-11-02T07:00:00Z", "2026-11-02T08:00:00Z"));
    }

    @Test
    void a_window_within_another_adds_nothing_and_a_freeze_over_all_leaves_nothing() {
        List<WindowSpec> allowing =
                List.of(
                        daily("day", Kind.ALLOW, "2026-10-01T08:00", 10),
                        daily("noon", Kind.ALLOW, "2026-10-01T12:00", 1));
        List<WindowSpec> frozen =
                List.of(allowing.getFirst(), once("long", "2026-10-31T00:00", 24 * 7));

        assertThat(Spans.letting(allowing, NOW, NOW.plus(Duration.ofHours(12))))
                .containsExactly(span("2026-11-01T08:00:00Z", "2026-11-01T18:00:00Z"));
        assertThat(Spans.letting(frozen, NOW, NOW.plus(TWO_DAYS))).isEmpty();
    }

    private void freeze(String id, String start, int hours, Phase phase) {
        world.accept(
                new Command.CreateWindow(
                        window(id, Kind.FREEZE, start, hours, Optional.empty(), List.of(phase))));
    }

    private static WindowSpec once(String id, String start, int hours) {
        return window(id, Kind.FREEZE, start, hours, Optional.empty(), List.of());
    }

    private static WindowSpec daily(String id, Kind kind, String start, int hours) {
        return window(id, kind, start, hours, Optional.of("FREQ=DAILY"), List.of());
    }

    private static WindowSpec window(
            String id,
            Kind kind,
            String start,
            int hours,
            Optional<String> rule,
            List<Phase> phases) {
        return new WindowSpec(
                new WindowName(id),
                Description.NONE,
                kind,
                LocalDateTime.parse(start),
                "UTC",
                Duration.ofHours(hours),
                rule,
                Optional.empty(),
                List.of(),
                phases);
    }

    private static Span span(String start, String end) {
        return new Span(Instant.parse(start), Instant.parse(end));
    }
}
