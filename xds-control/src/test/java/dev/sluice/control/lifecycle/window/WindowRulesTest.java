package dev.sluice.control.lifecycle.window;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.MigrationName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.WindowName;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.MigrationSpec;
import dev.sluice.control.change.spec.MigrationSpec.Risk;
import dev.sluice.control.change.spec.Phase;
import dev.sluice.control.change.spec.RampSpec;
import dev.sluice.control.change.spec.WindowSpec;
import dev.sluice.control.change.spec.WindowSpec.Kind;
import dev.sluice.control.lifecycle.Lifecycle;
import dev.sluice.control.lifecycle.World;
import dev.sluice.control.lifecycle.gate.FleetReport;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WindowRulesTest {
    private static final MigrationName NAME = new MigrationName("m");
    private static final Duration HOUR = Duration.ofHours(1);

    private final World world = World.shop(0);

    /** A Sunday, 8:00 in UTC. */
    private Instant now = Fixtures.START;

    @BeforeEach
    void plan() {
        world.accept(
                new Command.CreateMigration(
                        Fixtures.migration("m", "orders", StoreKind.SHARED, List.of("db/orders"))));
    }

    @Test
    void where_something_is_allowed_it_goes_on_then_only() {
        put(daily("mornings", Kind.ALLOW, "2026-10-01T09:00", HOUR));

        assertThat(blocker().problem().got()).contains("none is open of [windows/mornings]");
        assertThat(blocker().problem().expected()).contains("from 2026-11-01T09:00:00Z on");
        now = Instant.parse("2026-11-01T09:00:00Z");
        assertThat(blockers()).isEmpty();
        now = Instant.parse("2026-11-01T10:00:00Z");
        assertThat(blocker().problem().expected()).contains("from 2026-11-02T09:00:00Z on");
    }

    @Test
    void a_freeze_wins_over_all_that_is_allowed() {
        put(daily("always", Kind.ALLOW, "2026-10-01T00:00", Duration.ofDays(1)));
        put(once("fair", Kind.FREEZE, "2026-10-31T00:00", Duration.ofDays(3)));

        assertThat(blocker().problem().got()).isEqualTo("frozen by [windows/fair]");
        assertThat(blocker().problem().expected()).contains("from 2026-11-03T00:00:00Z on");
        assertThat(world.accept(new Command.RollbackMigration(NAME))).as("back").isNotEmpty();
    }

    @Test
    void what_never_lets_a_step_be_taken_is_told() {
        put(daily("day", Kind.ALLOW, "2026-10-01T09:00", HOUR));
        put(daily("held", Kind.FREEZE, "2026-10-01T08:30", Duration.ofHours(3)));

        assertThat(blocker().problem().expected()).contains("a window that opens: none does");
        assertThat(blocker().problem().remedy()).contains("correct the windows");
    }

    @Test
    void one_that_opens_far_off_is_still_found() {
        put(once("later", Kind.ALLOW, "2028-02-29T12:00", HOUR));

        assertThat(blocker().problem().expected()).contains("from 2028-02-29T12:00:00Z on");
    }

    @Test
    void a_window_is_for_its_risks_and_phases() {
        put(of(List.of(Risk.LOW), List.of()));
        assertThat(blockers()).as("another risk").isEmpty();
        update(of(List.of(Risk.HIGH), List.of(Phase.CONTRACT)));
        assertThat(blockers()).as("another phase").isEmpty();
        update(of(List.of(Risk.HIGH), List.of(Phase.EXPAND)));
        assertThat(blockers()).hasSize(1);
        world.accept(new Command.DeleteWindow(new WindowName("w")), at());
        assertThat(blockers()).isEmpty();
    }

    @Test
    void at_a_peak_no_share_is_raised_by_hand_and_keys_go_back() {
        put(daily("evenings", Kind.PEAK, "2026-10-01T07:00", Duration.ofHours(2)));
        world.accept(new Command.DeleteMigration(NAME), at());
        Command raise =
                new Command.SetShare(Fixtures.gateTarget("orders"), new PartsPerMillion(500_000));
        Command lower = new Command.SetShare(Fixtures.gateTarget("orders"), PartsPerMillion.NONE);

        List<Refusal> refused = world.refuse(raise, carefully(raise));

        assertThat(refused)
                .singleElement()
                .satisfies(refusal -> {
                    assertThat(refusal.problem().path()).isEqualTo("share_ppm");
                    assertThat(refusal.problem().got()).contains("windows/evenings");
                    assertThat(refusal.problem().expected())
                            .isEqualTo("from 2026-11-01T09:00:00Z on");
                });
        now = Instant.parse("2026-11-01T09:00:00Z");
        world.accept(raise, carefully(raise));
        now = Instant.parse("2026-11-02T07:30:00Z");
        world.accept(lower, carefully(lower));

        assertThat(world.share("orders")).isZero();
    }

    @Test
    void in_a_freeze_no_share_is_raised_by_hand_and_no_ramp_goes_further() {
        world.accept(new Command.DeleteMigration(NAME), at());
        RampSpec plan =
                Fixtures.ramp(
                        "r",
                        Fixtures.gateTarget("orders"),
                        RampSpec.Advance.TIMED,
                        10_000,
                        500_000);
        world.accept(new Command.CreateRamp(plan), at());
        world.accept(new Command.ConfirmStep(plan.name(), 0), at());
        put(once("fair", Kind.FREEZE, "2026-10-31T00:00", Duration.ofDays(3)));
        now = now.plus(plan.steps().getFirst().soak());
        Command step = new Command.StepRamp(plan.name(), 0);
        Command advance = new Command.AdvanceRamp(plan.name());
        Command other =
                new Command.SetShare(
                        Fixtures.gateTarget("customers"), new PartsPerMillion(500_000));

        for (Command raise : List.of(step, advance, other)) {
            assertThat(world.refuse(raise, carefully(raise)))
                    .singleElement()
                    .satisfies(refusal -> {
                        assertThat(refusal.problem().got()).contains("windows/fair");
                        assertThat(refusal.problem().expected())
                                .isEqualTo("from 2026-11-03T00:00:00Z on");
                    });
        }
        Command begin =
                new Command.CreateRamp(
                        Fixtures.ramp("s", Fixtures.gateTarget("customers"), 10_000));
        assertThat(world.refuse(begin, at()))
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.problem().got()).contains("windows/fair"));
        now = Instant.parse("2026-11-03T00:00:00Z");
        world.accept(begin, at());
        world.accept(step, carefully(step));
        assertThat(world.share("orders")).isEqualTo(500_000);
    }

    @Test
    void in_a_freeze_a_ramp_is_resumed_where_it_is_and_not_where_it_was() {
        world.accept(new Command.DeleteMigration(NAME), at());
        RampSpec plan = Fixtures.ramp("r", Fixtures.gateTarget("orders"), 10_000, 500_000);
        world.accept(new Command.CreateRamp(plan), at());
        put(once("fair", Kind.FREEZE, "2026-10-31T00:00", Duration.ofDays(3)));
        Command pause = new Command.PauseRamp(plan.name());
        Command resume = new Command.ResumeRamp(plan.name());
        world.accept(pause, carefully(pause));
        world.accept(resume, carefully(resume));

        Command lower = new Command.SetShare(Fixtures.gateTarget("orders"), PartsPerMillion.NONE);
        world.accept(lower, carefully(lower));

        assertThat(world.refuse(resume, carefully(resume)))
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.problem().got()).contains("windows/fair"));
        now = Instant.parse("2026-11-03T00:00:00Z");
        world.accept(resume, carefully(resume));
        assertThat(world.share("orders")).isEqualTo(10_000);
    }

    @Test
    void a_phase_whose_work_would_run_into_a_freeze_is_not_begun() {
        world.accept(new Command.DeleteMigration(NAME), at());
        MigrationSpec plain =
                Fixtures.migration("m", "orders", StoreKind.SHARED, List.of("db/orders"));
        world.accept(
                new Command.CreateMigration(
                        new MigrationSpec(
                                plain.name(),
                                plain.description(),
                                plain.target(),
                                plain.store(),
                                plain.product(),
                                plain.tables(),
                                plain.dependsOn(),
                                List.of(
                                        new MigrationSpec.Soak(
                                                Phase.EXPAND,
                                                Duration.ZERO,
                                                Optional.of(Duration.ofHours(4)))),
                                plain.ramp(),
                                plain.soak(),
                                plain.judge())));
        put(once("noon", Kind.FREEZE, "2026-11-01T12:00", HOUR));

        assertThat(blockers()).as("08:00 and four hours end as it opens").isEmpty();
        now = now.plusSeconds(1);
        assertThat(blocker().problem().path()).isEqualTo("windows");
        assertThat(blocker().problem().got())
                .isEqualTo(
                        "it is expected to take PT4H, and windows/noon opens at"
                                + " 2026-11-01T12:00:00Z");
        assertThat(blocker().problem().remedy()).contains("2026-11-01T13:00:00Z");
        now = Instant.parse("2026-11-01T13:00:00Z");
        assertThat(blockers()).isEmpty();
    }

    @Test
    void a_freeze_holds_the_steps_of_what_it_is_for_and_of_nothing_else() {
        WindowSpec freeze = of(List.of(Risk.HIGH), List.of(Phase.EXPAND));
        put(freeze);
        Migration moving = world.catalog().migration(NAME).orElseThrow();

        assertThat(WindowRules.freezes(world.catalog(), Optional.of(moving), now))
                .containsExactly(freeze);
        assertThat(WindowRules.freezes(world.catalog(), Optional.empty(), now))
                .as("a share that no migration moves has neither risk nor phase")
                .isEmpty();
        update(of(List.of(Risk.HIGH), List.of(Phase.RAMP)));
        assertThat(WindowRules.freezes(world.catalog(), Optional.of(moving), now)).isEmpty();
        update(of(List.of(Risk.LOW), List.of()));
        assertThat(WindowRules.freezes(world.catalog(), Optional.of(moving), now)).isEmpty();
    }

    @Test
    void a_peak_holds_migrations_of_its_risks_as_a_freeze_does() {
        WindowSpec peak =
                window(
                        "w",
                        Kind.PEAK,
                        "2026-10-01T07:00",
                        "UTC",
                        Duration.ofHours(2),
                        Optional.of("FREQ=DAILY"),
                        List.of(Risk.HIGH),
                        List.of());
        put(peak);

        assertThat(blocker().problem().got()).isEqualTo("frozen by [windows/w]");
        assertThat(WindowRules.peaks(world.catalog(), Optional.of(Risk.HIGH), now))
                .containsExactly(peak);
        assertThat(WindowRules.peaks(world.catalog(), Optional.of(Risk.LOW), now)).isEmpty();
        assertThat(WindowRules.peaks(world.catalog(), Optional.empty(), now))
                .as("a share that no migration moves has no risk")
                .isEmpty();
        assertThat(
                        world.refuse(
                                new Command.UpdateWindow(
                                        window(
                                                "w",
                                                Kind.PEAK,
                                                "2026-10-01T07:00",
                                                "UTC",
                                                HOUR,
                                                Optional.of("FREQ=DAILY"),
                                                List.of(),
                                                List.of(Phase.RAMP))),
                                at()))
                .extracting(refusal -> refusal.problem().path())
                .containsExactly("phases");
    }

    @Test
    void a_peak_follows_the_clocks_when_they_change() {
        WindowSpec nights =
                window(
                        "w",
                        Kind.PEAK,
                        "2026-03-28T02:30",
                        "Europe/Berlin",
                        HOUR,
                        Optional.of("FREQ=DAILY"),
                        List.of(),
                        List.of());
        now = Instant.parse("2026-03-01T00:00:00Z");
        put(nights);

        assertThat(peakAt("2026-03-29T01:29:59Z")).as("before the gap is over").isEmpty();
        assertThat(peakAt("2026-03-29T01:30:00Z"))
                .as("3:30, for the 2:30 that was skipped")
                .hasSize(1);
        assertThat(peakAt("2026-03-29T02:30:00Z")).isEmpty();
        assertThat(peakAt("2026-10-25T00:30:00Z")).as("the first 2:30").hasSize(1);
        assertThat(peakAt("2026-10-25T01:29:59Z")).as("an hour of real time").hasSize(1);
        assertThat(peakAt("2026-10-25T01:30:00Z")).as("the second 2:30").isEmpty();
    }

    private List<WindowSpec> peakAt(String time) {
        return WindowRules.peaks(world.catalog(), Optional.empty(), Instant.parse(time));
    }

    private CommandContext carefully(Command command) {
        return at().withEtag(world.careful(command).etag().orElseThrow());
    }

    @Test
    void an_admin_breaks_the_glass_over_a_freeze() {
        put(once("fair", Kind.FREEZE, "2026-10-31T00:00", Duration.ofDays(3)));

        world.accept(
                new Command.BreakGlass(NAME),
                at().withEtag(world.catalog().migration(NAME).orElseThrow().meta().etag()));

        assertThat(
                        world.catalog()
                                .migration(NAME)
                                .orElseThrow()
                                .consent()
                                .unreviewed()
                                .getFirst()
                                .overridden())
                .singleElement()
                .asString()
                .contains("windows/fair");
    }

    @Test
    void it_opens_by_the_clocks_of_its_zone() {
        WindowSpec nights = berlin("2026-03-28T02:30", "FREQ=DAILY");

        assertThat(starts(nights, "2026-03-27T00:00:00Z", 3))
                .as("an hour that is skipped counts as the one after")
                .containsExactly(
                        "2026-03-28T01:30:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z");
        assertThat(starts(nights, "2026-10-24T00:00:00Z", 3))
                .as("an hour that comes twice counts once, the first time")
                .containsExactly(
                        "2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
    }

    @Test
    void one_that_is_open_is_shown_first_and_none_after_the_last_day() {
        WindowSpec bounded =
                new WindowSpec(
                        new WindowName("w"),
                        Description.NONE,
                        Kind.ALLOW,
                        LocalDateTime.parse("2026-10-30T22:00"),
                        "UTC",
                        Duration.ofHours(12),
                        Optional.of("FREQ=DAILY"),
                        Optional.of(LocalDate.parse("2026-11-02")),
                        List.of(),
                        List.of());

        assertThat(starts(bounded, "2026-11-01T08:00:00Z", 10))
                .containsExactly(
                        "2026-10-31T22:00:00Z", "2026-11-01T22:00:00Z", "2026-11-02T22:00:00Z");
        assertThat(starts(bounded, "2026-11-01T08:00:00Z", 1)).hasSize(1);
        assertThat(Openings.isOpen(bounded, Instant.parse("2026-11-01T10:00:00Z"))).isFalse();
    }

    @Test
    void every_problem_of_a_window_is_told() {
        assertThat(
                        world.refuse(
                                new Command.CreateWindow(
                                        window(
                                                "w",
                                                Kind.ALLOW,
                                                "2026-11-02T09:00",
                                                "UTC",
                                                Duration.ZERO,
                                                Optional.of("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
                                                List.of(),
                                                List.of())),
                                at()))
                .extracting(refusal -> refusal.problem().path())
                .containsExactly("duration", "start", "recurrence");
        assertThat(
                        world.refuse(
                                new Command.CreateWindow(
                                        once("w", Kind.ALLOW, "2026-10-01T09:00", HOUR)),
                                at()))
                .as("over already")
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.problem().got()).contains("never opens"));
    }

    @Test
    void windows_are_changed_like_all_else() {
        WindowSpec spec = daily("w", Kind.ALLOW, "2026-10-01T09:00", HOUR);
        put(spec);

        assertThat(world.refuse(new Command.CreateWindow(spec), at()))
                .extracting(Refusal::kind)
                .containsExactly(Refusal.Kind.ALREADY_EXISTS);
        assertThat(world.accept(new Command.UpdateWindow(spec), at())).as("the same").isEmpty();
        assertThat(world.refuse(new Command.UpdateWindow(spec), at().withEtag("old")))
                .extracting(Refusal::kind)
                .containsExactly(Refusal.Kind.ABORTED);
        assertThat(world.refuse(new Command.DeleteWindow(new WindowName("none")), at()))
                .extracting(Refusal::kind)
                .containsExactly(Refusal.Kind.NOT_FOUND);
        for (int i = 1; i < 100; i++) {
            put(daily("w" + i, Kind.ALLOW, "2026-10-01T09:00", HOUR));
        }
        assertThat(
                        world.refuse(
                                new Command.CreateWindow(
                                        daily("more", Kind.ALLOW, "2026-10-01T09:00", HOUR)),
                                at()))
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.problem().got()).isEqualTo("100 windows"));
    }

    private static List<String> starts(WindowSpec window, String from, int most) {
        Instant begin = Instant.parse(from);
        return Openings.of(window, begin, begin.plus(Openings.HORIZON), most).stream()
                .map(span -> span.start().toString())
                .toList();
    }

    private static WindowSpec daily(String id, Kind kind, String start, Duration length) {
        return window(
                id, kind, start, "UTC", length, Optional.of("FREQ=DAILY"), List.of(), List.of());
    }

    private static WindowSpec once(String id, Kind kind, String start, Duration length) {
        return window(id, kind, start, "UTC", length, Optional.empty(), List.of(), List.of());
    }

    private static WindowSpec berlin(String start, String rule) {
        return window(
                "w",
                Kind.ALLOW,
                start,
                "Europe/Berlin",
                HOUR,
                Optional.of(rule),
                List.of(),
                List.of());
    }

    private static WindowSpec of(List<Risk> risks, List<Phase> phases) {
        return window(
                "w",
                Kind.FREEZE,
                "2026-10-31T00:00",
                "UTC",
                Duration.ofDays(3),
                Optional.empty(),
                risks,
                phases);
    }

    private static WindowSpec window(
            String id,
            Kind kind,
            String start,
            String zone,
            Duration length,
            Optional<String> rule,
            List<Risk> risks,
            List<Phase> phases) {
        return new WindowSpec(
                new WindowName(id),
                Description.NONE,
                kind,
                LocalDateTime.parse(start),
                zone,
                length,
                rule,
                Optional.empty(),
                risks,
                phases);
    }

    private void put(WindowSpec spec) {
        world.accept(new Command.CreateWindow(spec), at());
    }

    private void update(WindowSpec spec) {
        world.accept(new Command.UpdateWindow(spec), at());
    }

    private Refusal blocker() {
        assertThat(blockers()).hasSize(1);
        return blockers().getFirst();
    }

    private List<Refusal> blockers() {
        return Lifecycle.blockers(
                world.catalog(),
                FleetReport.SILENT,
                world.catalog().migration(NAME).orElseThrow(),
                at());
    }

    private CommandContext at() {
        return CommandContext.of(Fixtures.ADMIN, now).withReason("a reason");
    }
}
