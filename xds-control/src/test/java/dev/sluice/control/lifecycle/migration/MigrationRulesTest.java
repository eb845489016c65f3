package dev.sluice.control.lifecycle.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.contract.gate.TakeBack;
import dev.sluice.control.audit.HashChain;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Command.BackMoves;
import dev.sluice.control.change.EventStore;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.MigrationReport;
import dev.sluice.control.change.MigrationReport.Outcome;
import dev.sluice.control.change.RampState;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.Phase;
import dev.sluice.control.change.spec.Phase.Progress;
import dev.sluice.control.lifecycle.Lifecycle;
import dev.sluice.control.lifecycle.decision.Decision;
import dev.sluice.control.lifecycle.gate.FleetReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Migrations walk through their phases, and back. */
class MigrationRulesTest {
    private final WalkedMigrations shop = new WalkedMigrations();

    @Test
    void a_separate_store_walks_all_phases_and_modes_and_cannot_go_back_at_the_end() {
        shop.separate("g");
        shop.plan("m", "g", StoreKind.SEPARATE);
        List<Phase> phases = new ArrayList<>();
        List<Mode> modes = new ArrayList<>();

        shop.walk(
                "m",
                migration -> {
                    phases.add(migration.phase());
                    modes.add(shop.world.gate("g").content().to());
                });

        assertThat(phases)
                .containsExactly(
                        Phase.EXPAND,
                        Phase.DUAL_WRITE,
                        Phase.BACKFILL,
                        Phase.VERIFY,
                        Phase.SHADOW,
                        Phase.RAMP,
                        Phase.SOAK,
                        Phase.RAMP_DOWN,
                        Phase.DRAIN,
                        Phase.CONTRACT);
        assertThat(modes)
                .containsExactly(
                        Mode.DUAL_WRITE,
                        Mode.DUAL_WRITE,
                        Mode.DUAL_WRITE,
                        Mode.DUAL_WRITE,
                        Mode.SHADOW,
                        Mode.LIVE,
                        Mode.LIVE,
                        Mode.RAMP_DOWN,
                        Mode.COMPLETE,
                        Mode.COMPLETE);
        assertThat(shop.migration("m").state()).isEqualTo(Migration.State.DONE);
        assertThat(shop.world.gate("g").content().takeBack()).isEqualTo(TakeBack.FORBIDDEN);
        assertThat(shop.world.catalog().openMigration(Fixtures.gateTarget("g"))).isEmpty();
        assertThat(shop.paths(new Command.AdvanceMigration(WalkedMigrations.NAME)))
                .contains("state", "phase");
        assertThat(shop.paths(new Command.RollbackMigration(WalkedMigrations.NAME)))
                .contains("state");
    }

    @Test
    void a_shared_store_skips_what_it_does_not_need() {
        shop.plan("m", "orders", StoreKind.SHARED);
        List<Phase> phases = new ArrayList<>();

        shop.walk(
                "m",
                migration -> {
                    phases.add(migration.phase());
                    if (migration.phase() == Phase.DRAIN) {
                        assertThat(shop.world.gate("orders").content().takeBack())
                                .as("old data is valid until the contract phase")
                                .isEqualTo(TakeBack.FROM);
                    }
                });

        assertThat(phases)
                .containsExactly(
                        Phase.EXPAND,
                        Phase.BACKFILL,
                        Phase.VERIFY,
                        Phase.RAMP,
                        Phase.SOAK,
                        Phase.DRAIN,
                        Phase.CONTRACT);
        assertThat(shop.world.gate("orders").content().takeBack()).isEqualTo(TakeBack.FORBIDDEN);
        assertThat(shop.migration("m").timeline())
                .extracting(Migration.Entry::seq)
                .isSorted()
                .hasSizeGreaterThan(20);
    }

    @Test
    void keys_move_only_once_what_100_percent_is_judged_against_is_recorded() {
        shop.world.accept(
                new Command.CreateMigration(
                        Fixtures.against(
                                Fixtures.migration(
                                        "m", "orders", StoreKind.SHARED, List.of("db/orders")),
                                "before")));
        shop.walkTo(Phase.VERIFY);
        shop.report("verify", Outcome.SUCCEEDED);
        assertThat(blockerTexts())
                .anyMatch(text -> text.contains("baselines/before is not recorded"));

        shop.world.accept(
                new Command.RecordBaseline(
                        Fixtures.baseline("before", "orders"),
                        Fixtures.recording(
                                "orders", shop.world.gate("orders").revision(), Fixtures.START)));
        assertThat(blockerTexts()).noneMatch(text -> text.contains("baselines/before"));
    }

    private List<String> blockerTexts() {
        return Lifecycle.blockers(
                        shop.world.catalog(), FleetReport.SILENT, shop.migration("m"), shop.admin())
                .stream()
                .map(refusal -> refusal.problem().message())
                .toList();
    }

    @Test
    void every_blocker_is_listed_with_its_place_at_once() {
        shop.plan("m", "orders", StoreKind.SHARED);
        shop.walkTo(Phase.VERIFY);
        shop.report("verify", Outcome.FAILED);
        shop.world.accept(new Command.Kill(Fixtures.gateTarget("orders")), shop.admin());

        List<Refusal> blockers =
                Lifecycle.blockers(
                        shop.world.catalog(),
                        FleetReport.SILENT,
                        shop.migration("m"),
                        shop.admin());

        assertThat(blockers)
                .extracting(refusal -> refusal.problem().path())
                .containsExactly("soaks[VERIFY]", "reports[verify]", "gates");
        assertThat(shop.paths(new Command.AdvanceMigration(WalkedMigrations.NAME)))
                .containsExactly("soaks[VERIFY]", "reports[verify]", "gates");
        assertThat(blockers)
                .allSatisfy(refusal -> assertThat(refusal.problem().remedy()).isNotBlank());
    }

    @Test
    void a_step_is_reported_only_while_its_phase_is_in_force() {
        shop.plan("m", "orders", StoreKind.SHARED);
        assertThat(shop.paths(shop.reportOf("expand", Outcome.SUCCEEDED))).containsExactly("step");
        shop.begin("m");
        assertThat(shop.paths(shop.reportOf("backfill", Outcome.SUCCEEDED)))
                .containsExactly("step");
        shop.report("expand", Outcome.SUCCEEDED);
        assertThat(
                        shop.paths(
                                new Command.ReportMigration(
                                        WalkedMigrations.NAME,
                                        new MigrationReport("expand", Outcome.FAILED, ""))))
                .containsExactly("summary");
    }

    @Test
    void a_rollback_leads_where_the_phase_says_and_later_reports_no_longer_count() {
        shop.separate("g");
        shop.plan("m", "g", StoreKind.SEPARATE);
        shop.walkTo(Phase.SHADOW);

        assertThat(shop.back()).isEqualTo(Phase.VERIFY);
        assertThat(shop.world.gate("g").content().to()).isEqualTo(Mode.SHADOW);
        assertThat(shop.world.share("g")).isZero();

        assertThat(shop.back()).as("twice in a row, through the modes").isEqualTo(Phase.EXPAND);
        assertThat(shop.world.gate("g").content().to()).isEqualTo(Mode.DUAL_WRITE);
        assertThat(shop.world.share("g")).isZero();
        assertThat(shop.migration("m").reports()).isEmpty();

        shop.world.accept(new Command.RollbackMigration(WalkedMigrations.NAME), shop.admin());
        assertThat(shop.migration("m").state()).isEqualTo(Migration.State.ABANDONED);
        shop.world.accept(new Command.DeleteMigration(WalkedMigrations.NAME), shop.admin());
    }

    @Test
    void going_back_from_ramp_down_needs_a_mirror_that_works() {
        shop.separate("g");
        shop.plan("m", "g", StoreKind.SEPARATE);
        shop.walkTo(Phase.RAMP_DOWN);

        assertThat(shop.paths(new Command.RollbackMigration(WalkedMigrations.NAME)))
                .containsExactly("reports[mirror]");
        shop.report(PhaseRule.MIRROR, Outcome.FAILED);
        assertThat(shop.paths(new Command.RollbackMigration(WalkedMigrations.NAME)))
                .containsExactly("reports[mirror]");
        shop.report(PhaseRule.MIRROR, Outcome.SUCCEEDED);
        assertThat(shop.back()).isEqualTo(Phase.SOAK);
        assertThat(shop.back()).isEqualTo(Phase.SHADOW);
        assertThat(PhaseRule.allIn(Mode.SHADOW, shop.world.gate("g").content())).isTrue();
    }

    @Test
    void past_the_point_of_no_return_nothing_goes_back() {
        shop.separate("g");
        shop.plan("m", "g", StoreKind.SEPARATE);
        shop.walkTo(Phase.DRAIN);

        assertThat(shop.paths(new Command.RollbackMigration(WalkedMigrations.NAME)))
                .contains("phase");
        assertThat(shop.paths(new Command.Kill(Fixtures.gateTarget("g")))).contains("take_back");
    }

    @Test
    void a_ramp_that_was_taken_back_takes_its_migration_back() {
        shop.plan("m", "orders", StoreKind.SHARED);
        shop.walkTo(Phase.VERIFY);
        shop.pass(Phase.VERIFY);
        shop.advance("m");
        shop.confirm("m");
        var ramp = shop.migration("m").ramp().orElseThrow();
        shop.world.accept(new Command.AbortRamp(ramp), shop.admin());

        shop.confirm("m");

        assertThat(shop.migration("m").phase()).isEqualTo(Phase.VERIFY);
        assertThat(shop.migration("m").progress()).isEqualTo(Progress.MOVING);
        shop.confirm("m");
        assertThat(shop.migration("m").progress()).isEqualTo(Progress.RESTING);
        assertThat(shop.migration("m").since()).as("it soaks anew").isEqualTo(shop.now);
    }

    @Test
    void while_it_is_held_nothing_goes_on_and_its_ramp_is_held_with_it() {
        shop.plan("m", "orders", StoreKind.SHARED);
        shop.walkTo(Phase.VERIFY);
        shop.pass(Phase.VERIFY);
        shop.advance("m");
        shop.confirm("m");

        shop.world.accept(new Command.PauseMigration(WalkedMigrations.NAME), shop.admin());
        assertThat(shop.ramp()).isEqualTo(RampState.PAUSED);
        assertThat(
                        shop.paths(
                                new Command.ConfirmMigration(
                                        WalkedMigrations.NAME, Phase.RAMP, Progress.MOVING)))
                .contains("progress");
        assertThat(shop.paths(new Command.AdvanceMigration(WalkedMigrations.NAME)))
                .contains("state");

        shop.world.accept(new Command.ResumeMigration(WalkedMigrations.NAME), shop.admin());
        assertThat(shop.ramp()).isEqualTo(RampState.RUNNING);
        assertThat(
                        shop.world.decide(
                                new Command.ResumeMigration(WalkedMigrations.NAME), shop.admin()))
                .isEqualTo(new Decision.Change(List.of()));
    }

    @Test
    void what_a_migration_moves_goes_on_by_nobodys_hand() {
        shop.plan("m", "orders", StoreKind.SHARED);
        assertThat(shop.world.decide(share("orders", 10), shop.careful("orders")))
                .as("not begun")
                .isInstanceOf(Decision.Change.class);
        shop.begin("m");

        assertThat(shop.paths(share("orders", 10))).containsExactly("share_ppm");
        assertThat(
                        shop.paths(
                                new Command.CreateRamp(
                                        Fixtures.ramp("x", Fixtures.gateTarget("orders"), 10))))
                .contains("target");
        GateSpec forbidden =
                new GateSpec(
                        Fixtures.content(
                                "orders",
                                "orders",
                                0,
                                "seed",
                                Mode.OFF,
                                Mode.COMPLETE,
                                TakeBack.FORBIDDEN),
                        Description.NONE);
        assertThat(shop.paths(new Command.UpdateGate(forbidden, BackMoves.REFUSED)))
                .contains("take_back");
        assertThat(shop.paths(new Command.DeleteGate(new GateName("orders")))).contains("name");
        shop.world.accept(new Command.Rollback(Fixtures.gateTarget("orders")), shop.admin());
    }

    @Test
    void one_that_was_moved_by_hand_does_not_go_on() {
        shop.plan("m", "orders", StoreKind.SHARED);
        shop.walkTo(Phase.SOAK);
        shop.world.accept(new Command.Rollback(Fixtures.gateTarget("orders")), shop.admin());

        assertThat(shop.paths(new Command.AdvanceMigration(WalkedMigrations.NAME)))
                .contains("gates");
        assertThat(shop.back()).isEqualTo(Phase.VERIFY);
    }

    @Test
    void a_clock_that_jumps_back_lets_no_step_come_early_and_holds_up_no_way_back() {
        shop.plan("m", "orders", StoreKind.SHARED);
        shop.walkTo(Phase.VERIFY);
        Instant since = shop.migration("m").since();
        shop.report("verify", Outcome.SUCCEEDED);

        shop.now = since.minus(Duration.ofDays(1));
        assertThat(
                        Lifecycle.blockers(
                                shop.world.catalog(),
                                FleetReport.SILENT,
                                shop.migration("m"),
                                shop.admin()))
                .extracting(refusal -> refusal.problem().path())
                .containsExactly("soaks[VERIFY]");
        shop.now = since.plus(Duration.ofMinutes(59));
        assertThat(
                        Lifecycle.blockers(
                                shop.world.catalog(),
                                FleetReport.SILENT,
                                shop.migration("m"),
                                shop.admin()))
                .hasSize(1);
        shop.now = since.minus(Duration.ofDays(1));
        assertThat(shop.back()).isEqualTo(Phase.EXPAND);

        assertThat(shop.migration("m").since()).as("by the clock as it is").isBefore(since);
        assertThat(HashChain.verify(EventStore.Head.EMPTY, shop.world.log())).isEmpty();
        assertThat(Catalog.EMPTY.applyAll(shop.world.log())).isEqualTo(shop.world.catalog());
    }

    private static Command share(String gate, int share) {
        return new Command.SetShare(
                Fixtures.gateTarget(gate), new dev.sluice.contract.PartsPerMillion(share));
    }
}
