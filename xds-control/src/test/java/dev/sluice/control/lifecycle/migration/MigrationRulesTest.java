package dev.sluice.control.lifecycle.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.MigrationName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.VersionName;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.contract.gate.TakeBack;
import dev.sluice.control.audit.HashChain;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Command.BackMoves;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.EventStore;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.MigrationReport;
import dev.sluice.control.change.MigrationReport.Outcome;
import dev.sluice.control.change.RampState;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.ApprovalPolicySpec;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.Endpoints;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.ListenAddress;
import dev.sluice.control.change.spec.MigrationSpec;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.change.spec.Phase;
import dev.sluice.control.change.spec.Phase.Progress;
import dev.sluice.control.change.spec.VersionSpec;
import dev.sluice.control.evidence.CallerCounts;
import dev.sluice.control.evidence.CallerCounts.Who;
import dev.sluice.control.lifecycle.Lifecycle;
import dev.sluice.control.lifecycle.World;
import dev.sluice.control.lifecycle.decision.Decision;
import dev.sluice.control.lifecycle.gate.FleetReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class MigrationRulesTest {
    private static final MigrationName NAME = new MigrationName("m");

    private final World world = World.shop(0);
    private Instant now = Fixtures.START;
    private FleetReport fleet = FleetReport.SILENT;

    @Test
    void a_separate_store_walks_all_phases_and_modes_and_cannot_go_back_at_the_end() {
        separate("g");
        plan("m", "g", StoreKind.SEPARATE);
        List<Phase> phases = new ArrayList<>();
        List<Mode> modes = new ArrayList<>();

        walk(
                "m",
                migration -> {
                    phases.add(migration.phase());
                    modes.add(world.gate("g").content().to());
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
        assertThat(migration("m").state()).isEqualTo(Migration.State.DONE);
        assertThat(world.gate("g").content().takeBack()).isEqualTo(TakeBack.FORBIDDEN);
        assertThat(world.catalog().openMigration(Fixtures.gateTarget("g"))).isEmpty();
        assertThat(paths(new Command.AdvanceMigration(NAME))).contains("state", "phase");
        assertThat(paths(new Command.RollbackMigration(NAME))).contains("state");
    }

    @Test
    void a_plan_takes_a_free_name_and_every_other_command_a_taken_one() {
        Command.CreateMigration create =
                new Command.CreateMigration(
                        Fixtures.migration("m", "orders", StoreKind.SHARED, List.of("db/orders")));
        assertThat(paths(new Command.AdvanceMigration(NAME))).containsExactly("name");
        assertThat(paths(new Command.UpdateMigration(create.spec()))).containsExactly("name");
        assertThat(paths(new Command.ConfirmMigration(NAME, Phase.EXPAND, Phase.Progress.MOVING)))
                .containsExactly("name");

        world.accept(create);

        assertThat(paths(create)).contains("name");
        assertThat(paths(new Command.ConfirmMigration(NAME, Phase.SOAK, migration("m").progress())))
                .as("of a phase that it is not in")
                .containsExactly("progress");
        assertThat(
                        paths(
                                new Command.ConfirmMigration(
                                        NAME, migration("m").phase(), Phase.Progress.MOVING)))
                .as("of a progress that it is not in")
                .containsExactly("progress");
    }

    @Test
    void a_shared_store_skips_what_it_does_not_need() {
        plan("m", "orders", StoreKind.SHARED);
        List<Phase> phases = new ArrayList<>();

        walk(
                "m",
                migration -> {
                    phases.add(migration.phase());
                    if (migration.phase() == Phase.DRAIN) {
                        assertThat(world.gate("orders").content().takeBack())
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
        assertThat(world.gate("orders").content().takeBack()).isEqualTo(TakeBack.FORBIDDEN);
        assertThat(migration("m").timeline())
                .extracting(Migration.Entry::seq)
                .isSorted()
                .hasSizeGreaterThan(20);
    }

    @Test
    void keys_move_only_once_what_100_percent_is_judged_against_is_recorded() {
        world.accept(
                new Command.CreateMigration(
                        Fixtures.against(
                                Fixtures.migration(
                                        "m", "orders", StoreKind.SHARED, List.of("db/orders")),
                                "before")));
        walkTo(Phase.VERIFY);
        report("verify", Outcome.SUCCEEDED);
        assertThat(blockerTexts())
                .anyMatch(text -> text.contains("baselines/before is not recorded"));

        world.accept(
                new Command.RecordBaseline(
                        Fixtures.baseline("before", "orders"),
                        Fixtures.recording(
                                "orders", world.gate("orders").revision(), Fixtures.START)));
        assertThat(blockerTexts()).noneMatch(text -> text.contains("baselines/before"));
    }

    private List<String> blockerTexts() {
        return Lifecycle.blockers(world.catalog(), FleetReport.SILENT, migration("m"), admin())
                .stream()
                .map(refusal -> refusal.problem().message())
                .toList();
    }

    @Test
    void every_blocker_is_listed_with_its_place_at_once() {
        plan("m", "orders", StoreKind.SHARED);
        walkTo(Phase.VERIFY);
        report("verify", Outcome.FAILED);
        world.accept(new Command.Kill(Fixtures.gateTarget("orders")), admin());

        List<Refusal> blockers =
                Lifecycle.blockers(world.catalog(), FleetReport.SILENT, migration("m"), admin());

        assertThat(blockers)
                .extracting(refusal -> refusal.problem().path())
                .containsExactly("soaks[VERIFY]", "reports[verify]", "gates");
        assertThat(paths(new Command.AdvanceMigration(NAME)))
                .containsExactly("soaks[VERIFY]", "reports[verify]", "gates");
        assertThat(blockers)
                .allSatisfy(refusal -> assertThat(refusal.problem().remedy()).isNotBlank());
    }

    @Test
    void a_risk_can_ask_for_a_longer_stay_at_the_end_than_the_plan() {
        plan("m", "orders", StoreKind.SHARED);
        world.accept(
                new Command.PutApprovalPolicy(
                        new ApprovalPolicySpec(
                                MigrationSpec.Risk.HIGH,
                                0,
                                List.of(),
                                ApprovalPolicySpec.DEFAULT_VALIDITY,
                                Duration.ofDays(2))));
        walkTo(Phase.SOAK);

        now = migration("m").since().plus(Duration.ofDays(2)).minusNanos(1);
        assertThat(paths(new Command.AdvanceMigration(NAME))).containsExactly("soaks[SOAK]");
        now = now.plusNanos(1);
        advance("m");
    }

    @Test
    void a_step_is_reported_only_while_its_phase_is_in_force() {
        plan("m", "orders", StoreKind.SHARED);
        assertThat(paths(reportOf("expand", Outcome.SUCCEEDED))).containsExactly("step");
        begin("m");
        assertThat(paths(reportOf("backfill", Outcome.SUCCEEDED))).containsExactly("step");
        report("expand", Outcome.SUCCEEDED);
        assertThat(
                        paths(
                                new Command.ReportMigration(
                                        NAME, new MigrationReport("expand", Outcome.FAILED, ""))))
                .containsExactly("summary");
    }

    @Test
    void a_rollback_leads_where_the_phase_says_and_later_reports_no_longer_count() {
        separate("g");
        plan("m", "g", StoreKind.SEPARATE);
        walkTo(Phase.SHADOW);

        assertThat(back()).isEqualTo(Phase.VERIFY);
        assertThat(world.gate("g").content().to()).isEqualTo(Mode.SHADOW);
        assertThat(world.share("g")).isZero();

        assertThat(back()).as("twice in a row, through the modes").isEqualTo(Phase.EXPAND);
        assertThat(world.gate("g").content().to()).isEqualTo(Mode.DUAL_WRITE);
        assertThat(world.share("g")).isZero();
        assertThat(migration("m").reports()).isEmpty();

        world.accept(new Command.RollbackMigration(NAME), admin());
        assertThat(migration("m").state()).isEqualTo(Migration.State.ABANDONED);
        world.accept(new Command.DeleteMigration(NAME), admin());
    }

    @Test
    void going_back_from_ramp_down_needs_a_mirror_that_works() {
        separate("g");
        plan("m", "g", StoreKind.SEPARATE);
        walkTo(Phase.RAMP_DOWN);

        assertThat(paths(new Command.RollbackMigration(NAME))).containsExactly("reports[mirror]");
        report(PhaseRule.MIRROR, Outcome.FAILED);
        assertThat(paths(new Command.RollbackMigration(NAME))).containsExactly("reports[mirror]");
        report(PhaseRule.MIRROR, Outcome.SUCCEEDED);
        assertThat(back()).isEqualTo(Phase.SOAK);
        assertThat(back()).isEqualTo(Phase.SHADOW);
        assertThat(PhaseRule.allIn(Mode.SHADOW, world.gate("g").content())).isTrue();
    }

    @Test
    void writes_that_change_sides_need_nodes_that_hold_them_and_hold_the_migration_up() {
        separate("g");
        plan("m", "g", StoreKind.SEPARATE);
        walkTo(Phase.SHADOW);
        node("envoy-1", NodeSpec.Kind.ENVOY, 0);
        assertThat(paths(new Command.AdvanceMigration(NAME))).containsExactly("gates");
        world.accept(new Command.NodeLeft(new NodeName("envoy-1")));
        node("old-1", NodeSpec.Kind.SLUICE, 2);
        assertThat(paths(new Command.AdvanceMigration(NAME))).containsExactly("gates");
        world.accept(new Command.NodeLeft(new NodeName("old-1")));
        advance("m");
        settle("m");
        pass(Phase.RAMP);
        node("web-1", NodeSpec.Kind.SLUICE, Gate.CONTRACT_VERSION);
        assertThat(authority()).isEqualTo(990_000);

        world.accept(new Command.RollbackMigration(NAME), admin());
        appliedBy("web-1");
        assertThat(refusedPaths(confirmation())).as("its writes are held").containsOnly("gates");
        world.accept(new Command.MoveWrites(Fixtures.gateTarget("g")));
        appliedBy("web-1");
        settle("m");

        assertThat(migration("m").phase()).isEqualTo(Phase.SHADOW);
        assertThat(authority()).isZero();
    }

    private Command confirmation() {
        return new Command.ConfirmMigration(
                NAME, migration("m").phase(), migration("m").progress());
    }

    private int authority() {
        return world.gate("g").content().writeAuthority()
                        instanceof Gate.WriteAuthority.NewBelow(var below)
                ? below.value()
                : -1;
    }

    private void node(String id, NodeSpec.Kind kind, int contract) {
        world.accept(
                new Command.RegisterNode(
                        new NodeSpec(
                                new NodeName(id),
                                "",
                                Optional.empty(),
                                Optional.empty(),
                                kind,
                                "some build",
                                contract,
                                "")));
        appliedBy(id);
    }

    private void appliedBy(String id) {
        Map<GateName, GateRevision> all = new HashMap<>();
        world.catalog().gates().forEach(gate -> all.put(gate.name(), gate.revision()));
        NodeName node = new NodeName(id);
        world.told(
                new FleetReport(Map.of(node, all), Map.of(), Map.of(node, world.catalog().seq())));
    }

    @Test
    void past_the_point_of_no_return_nothing_goes_back() {
        separate("g");
        plan("m", "g", StoreKind.SEPARATE);
        walkTo(Phase.DRAIN);

        assertThat(paths(new Command.RollbackMigration(NAME))).contains("phase");
        assertThat(paths(new Command.Kill(Fixtures.gateTarget("g")))).contains("take_back");
    }

    @Test
    void a_ramp_that_was_taken_back_takes_its_migration_back() {
        plan("m", "orders", StoreKind.SHARED);
        walkTo(Phase.VERIFY);
        pass(Phase.VERIFY);
        advance("m");
        confirm("m");
        var ramp = migration("m").ramp().orElseThrow();
        world.accept(new Command.AbortRamp(ramp), admin());

        confirm("m");

        assertThat(migration("m").phase()).isEqualTo(Phase.VERIFY);
        assertThat(migration("m").progress()).isEqualTo(Progress.MOVING);
        confirm("m");
        assertThat(migration("m").progress()).isEqualTo(Progress.RESTING);
        assertThat(migration("m").since()).as("it soaks anew").isEqualTo(now);
    }

    @Test
    void while_it_is_held_nothing_goes_on_and_its_ramp_is_held_with_it() {
        plan("m", "orders", StoreKind.SHARED);
        walkTo(Phase.VERIFY);
        pass(Phase.VERIFY);
        advance("m");
        confirm("m");

        world.accept(new Command.PauseMigration(NAME), admin());
        assertThat(ramp()).isEqualTo(RampState.PAUSED);
        assertThat(paths(new Command.ConfirmMigration(NAME, Phase.RAMP, Progress.MOVING)))
                .contains("progress");
        assertThat(paths(new Command.AdvanceMigration(NAME))).contains("state");

        world.accept(new Command.ResumeMigration(NAME), admin());
        assertThat(ramp()).isEqualTo(RampState.RUNNING);
        assertThat(world.decide(new Command.ResumeMigration(NAME), admin()))
                .isEqualTo(new Decision.Change(List.of()));
    }

    @Test
    void what_a_migration_moves_goes_on_by_nobodys_hand() {
        plan("m", "orders", StoreKind.SHARED);
        assertThat(world.decide(share("orders", 10), careful("orders")))
                .as("not begun")
                .isInstanceOf(Decision.Change.class);
        begin("m");

        assertThat(refusedPaths(share("orders", 10))).containsExactly("share_ppm");
        assertThat(
                        refusedPaths(
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
        assertThat(refusedPaths(new Command.UpdateGate(forbidden, BackMoves.REFUSED)))
                .contains("take_back");
        assertThat(refusedPaths(new Command.DeleteGate(new GateName("orders")))).contains("name");
        world.accept(new Command.Rollback(Fixtures.gateTarget("orders")), admin());
    }

    @Test
    void one_that_was_moved_by_hand_does_not_go_on() {
        plan("m", "orders", StoreKind.SHARED);
        walkTo(Phase.SOAK);
        world.accept(new Command.Rollback(Fixtures.gateTarget("orders")), admin());

        assertThat(paths(new Command.AdvanceMigration(NAME))).contains("gates");
        assertThat(back()).isEqualTo(Phase.VERIFY);
    }

    @Test
    void dependencies_come_first_and_never_in_a_circle() {
        plan("a", "orders", StoreKind.SHARED);
        world.accept(
                new Command.CreateMigration(
                        Fixtures.migration("b", "customers", StoreKind.SHARED, List.of(), "a")));

        assertThat(paths(new Command.AdvanceMigration(new MigrationName("b"))))
                .containsExactly("depends_on");
        assertThat(
                        paths(
                                new Command.UpdateMigration(
                                        Fixtures.migration(
                                                "a", "orders", StoreKind.SHARED, List.of(), "b"))))
                .containsExactly("depends_on");
        assertThat(paths(new Command.DeleteMigration(new MigrationName("a"))))
                .containsExactly("name");
        assertThat(
                        paths(
                                new Command.CreateMigration(
                                        Fixtures.migration(
                                                "c", "orders", StoreKind.SHARED, List.of(), "c"))))
                .containsExactly("target", "depends_on");
    }

    @Test
    void two_migrations_never_change_one_table_at_once() {
        world.accept(
                new Command.CreateMigration(
                        Fixtures.migration(
                                "a", "orders", StoreKind.SHARED, List.of("db/x", "db/y"))));
        world.accept(
                new Command.CreateMigration(
                        Fixtures.migration(
                                "b", "customers", StoreKind.SHARED, List.of("db/y", "db/z"))));
        begin("a");

        List<Refusal> refused =
                world.refuse(new Command.AdvanceMigration(new MigrationName("b")), careful("b"));
        assertThat(refused)
                .singleElement()
                .satisfies(refusal ->
                        assertThat(refusal.problem().message()).contains("db/y").contains("a"));

        world.accept(report("a", "expand", Outcome.SUCCEEDED), admin());
        advance("a");
        begin("b");
    }

    @Test
    void two_migrations_never_change_one_contract_at_once() {
        changing("a", "orders", "shop.orders.v1", "shop.users.v1");
        changing("b", "customers", "shop.users.v1");
        begin("a");

        assertThat(world.refuse(new Command.AdvanceMigration(new MigrationName("b")), careful("b")))
                .singleElement()
                .satisfies(refusal -> {
                    assertThat(refusal.problem().path()).isEqualTo("contracts");
                    assertThat(refusal.problem().got())
                            .isEqualTo("migrations/a is in EXPAND on [shop.users.v1]");
                });
        assertThat(
                        world.refuse(
                                new Command.UpdateMigration(contracts("a", "orders", "another.v1")),
                                careful("a")))
                .as("what it locks stays while it walks")
                .extracting(refusal -> refusal.problem().path())
                .contains("steps");

        world.accept(report("a", "expand", Outcome.SUCCEEDED), admin());
        advance("a");
        begin("b");
    }

    private void changing(String id, String gate, String... contracts) {
        world.accept(new Command.CreateMigration(contracts(id, gate, contracts)));
    }

    private static MigrationSpec contracts(String id, String gate, String... contracts) {
        return Fixtures.with(
                Fixtures.migration(id, gate, StoreKind.SHARED, List.of()),
                MigrationSpec.Risk.LOW,
                Fixtures.changing(contracts));
    }

    @Test
    void a_plan_is_checked_as_a_whole() {
        MigrationSpec good =
                Fixtures.migration(
                        "m", "orders", StoreKind.SEPARATE, List.of("", "db/x"), "nobody");
        MigrationSpec wrong =
                new MigrationSpec(
                        new MigrationName("m".repeat(41)),
                        good.description(),
                        good.target(),
                        good.store(),
                        good.product(),
                        good.tables(),
                        good.dependsOn(),
                        List.of(
                                new MigrationSpec.Soak(
                                        Phase.SOAK, Duration.ofDays(91), Optional.empty()),
                                new MigrationSpec.Soak(
                                        Phase.SOAK,
                                        Duration.ZERO,
                                        Optional.of(Duration.ofDays(91)))),
                        List.of(good.soak()),
                        good.ramp().getFirst(),
                        good.judge());

        assertThat(paths(new Command.CreateMigration(wrong)))
                .containsExactlyInAnyOrder(
                        "name",
                        "tables",
                        "soaks[SOAK]",
                        "soaks[SOAK].estimate",
                        "store",
                        "steps",
                        "soak.share_ppm",
                        "depends_on",
                        "soaks");
    }

    @Test
    void a_plan_can_be_changed_until_it_has_begun() {
        plan("m", "orders", StoreKind.SHARED);
        MigrationSpec other =
                Fixtures.migration("m", "orders", StoreKind.SHARED, List.of("db/other"));
        world.accept(new Command.UpdateMigration(other));
        assertThat(world.accept(new Command.UpdateMigration(other))).isEmpty();
        begin("m");

        assertThat(
                        paths(
                                new Command.UpdateMigration(
                                        Fixtures.migration(
                                                "m", "orders", StoreKind.SHARED, List.of()))))
                .containsExactly("steps");
        assertThat(paths(new Command.DeleteMigration(NAME))).containsExactly("state");
    }

    @Test
    void the_next_phase_waits_for_every_node_and_contract_for_every_silent_one() {
        world.accept(new Command.CreateService(Fixtures.service("web", 0, "orders")));
        world.accept(new Command.CreateRoute(Fixtures.routeToGate("orders", "all", "orders")));
        plan("m", "orders", StoreKind.SHARED);
        walkTo(Phase.DRAIN);
        pass(Phase.DRAIN);
        world.accept(new Command.RegisterNode(Fixtures.node("n", "web")), Fixtures.admin());

        assertThat(paths(new Command.AdvanceMigration(NAME))).containsExactly("gates", "gates");
        world.applied("n");
        assertThat(paths(new Command.AdvanceMigration(NAME)))
                .as("it decides by the present revision, but was not heard lately")
                .containsExactly("gates");
    }

    @Test
    void contract_waits_until_nobody_calls_legacy_as_its_own_sidecars_count() {
        world.accept(
                new Command.UpdateVersion(
                        Fixtures.version(
                                "orders",
                                "v1",
                                Optional.of(
                                        new VersionSpec.Inbound(
                                                new ListenAddress("10.0.0.1", 8080),
                                                new Endpoints.Endpoint("127.0.0.1", 9090, 1))))));
        plan("m", "orders", StoreKind.SHARED);
        walkTo(Phase.DRAIN);
        pass(Phase.DRAIN);
        Instant drained = migration("m").since();
        VersionName legacy = Fixtures.versionName("orders", "v1");
        world.accept(new Command.RegisterNode(Fixtures.beside("n", legacy)), Fixtures.admin());

        fleet(Map.of(), calls(Arm.LEGACY, "late", now.minusSeconds(5)));
        assertThat(blockers("no report lately", "late"))
                .containsExactly("gates", "callers[gates/orders]");
        fleet(
                Map.of(new NodeName("n"), now),
                calls(Arm.LEGACY, "before", drained),
                calls(Arm.LEGACY, "long-ago", now.minus(LegacyUse.QUIET)),
                calls(Arm.NEW, "new", now));
        assertThat(blockers()).isEmpty();
        fleet(Map.of(new NodeName("n"), now), others(20));
        assertThat(blockers("others", "somebody without a name", "and 11 more"))
                .containsExactly("callers[gates/orders]");
    }

    private List<String> blockers(String... words) {
        List<Refusal> blockers =
                Lifecycle.blockers(world.catalog(), fleet, migration("m"), admin());
        String all = blockers.toString();
        List.of(words).forEach(word -> assertThat(all).contains(word));
        return blockers.stream().map(refusal -> refusal.problem().path()).toList();
    }

    private void fleet(Map<NodeName, Instant> heard, CallerCounts... callers) {
        Map<GateName, GateRevision> all = new HashMap<>();
        world.catalog().gates().forEach(gate -> all.put(gate.name(), gate.revision()));
        fleet =
                new FleetReport(
                        Map.of(new NodeName("n"), all),
                        heard,
                        Map.of(),
                        gate -> gate.equals(new GateName("orders")) ? List.of(callers) : List.of());
    }

    private CallerCounts[] others(int more) {
        List<CallerCounts> all = new ArrayList<>();
        all.add(calls(Arm.LEGACY, "", now));
        all.add(calls(new Who.Others(), Arm.LEGACY, now));
        for (int i = 1; i < more; i++) {
            all.add(
                    calls(
                            new Who.Named("spiffe://shop/ns/" + i, "web"),
                            Arm.LEGACY,
                            now.minusSeconds(1)));
        }
        return all.toArray(CallerCounts[]::new);
    }

    private static CallerCounts calls(Arm arm, String service, Instant last) {
        return calls(new Who.Named("", service), arm, last);
    }

    private static CallerCounts calls(Who who, Arm arm, Instant last) {
        return new CallerCounts(
                new CallerCounts.Caller(new GateName("orders"), arm, "read", who), 1, 0, last);
    }

    private void separate(String gate) {
        world.accept(
                new Command.CreateGate(
                        new GateSpec(
                                Fixtures.content(
                                        gate,
                                        "orders",
                                        0,
                                        "seed",
                                        Mode.OFF,
                                        Mode.DUAL_WRITE,
                                        TakeBack.FROM),
                                Description.NONE)));
    }

    @Test
    void a_clock_that_jumps_back_lets_no_step_come_early_and_holds_up_no_way_back() {
        plan("m", "orders", StoreKind.SHARED);
        walkTo(Phase.VERIFY);
        Instant since = migration("m").since();
        report("verify", Outcome.SUCCEEDED);

        now = since.minus(Duration.ofDays(1));
        assertThat(Lifecycle.blockers(world.catalog(), FleetReport.SILENT, migration("m"), admin()))
                .extracting(refusal -> refusal.problem().path())
                .containsExactly("soaks[VERIFY]");
        now = since.plus(Duration.ofMinutes(59));
        assertThat(Lifecycle.blockers(world.catalog(), FleetReport.SILENT, migration("m"), admin()))
                .hasSize(1);
        now = since.minus(Duration.ofDays(1));
        assertThat(back()).isEqualTo(Phase.EXPAND);

        assertThat(migration("m").since()).as("by the clock as it is").isBefore(since);
        assertThat(HashChain.verify(EventStore.Head.EMPTY, world.log())).isEmpty();
        assertThat(Catalog.EMPTY.applyAll(world.log())).isEqualTo(world.catalog());
    }

    private void plan(String id, String gate, StoreKind store) {
        world.accept(
                new Command.CreateMigration(
                        Fixtures.migration(id, gate, store, List.of("db/orders"))));
    }

    /** To the end, showing each phase once it is in force. */
    private void walk(String id, Consumer<Migration> seen) {
        begin(id);
        while (migration(id).state() != Migration.State.DONE) {
            seen.accept(migration(id));
            pass(migration(id).phase());
            advance(id);
            settle(id);
        }
    }

    private void walkTo(Phase phase) {
        begin("m");
        while (migration("m").phase() != phase) {
            pass(migration("m").phase());
            advance("m");
            settle("m");
        }
    }

    private void begin(String id) {
        advance(id);
        settle(id);
    }

    /** Everything that the phase asks for. */
    private void pass(Phase phase) {
        now = now.plus(Duration.ofHours(1));
        PhaseRule.of(migration("m").spec().store(), phase)
                .reports()
                .forEach(step -> report(step, Outcome.SUCCEEDED));
    }

    private Phase back() {
        world.accept(new Command.RollbackMigration(NAME), admin());
        settle("m");
        return migration("m").phase();
    }

    private void advance(String id) {
        Command advance = new Command.AdvanceMigration(new MigrationName(id));
        world.accept(advance, careful(id));
    }

    private void settle(String id) {
        while (migration(id).state().isOpen() && migration(id).progress() != Progress.RESTING) {
            finishRamp(id);
            confirm(id);
        }
    }

    private void finishRamp(String id) {
        Optional.of(migration(id))
                .filter(migration -> migration.progress() == Progress.MOVING)
                .flatMap(Migration::ramp)
                .flatMap(world.catalog()::ramp)
                .ifPresent(ramp -> {
                    for (int step = ramp.step();
                            step < ramp.spec().steps().size() && ramp.state().isActive();
                            step++) {
                        world.accept(new Command.ConfirmStep(ramp.name(), step), admin());
                        world.accept(
                                new Command.StepRamp(ramp.name(), step), world.soaked(ramp.name()));
                    }
                });
    }

    private void confirm(String id) {
        Migration migration = migration(id);
        world.accept(
                new Command.ConfirmMigration(
                        migration.name(), migration.phase(), migration.progress()),
                admin());
    }

    private Command.ReportMigration report(String id, String step, Outcome outcome) {
        return new Command.ReportMigration(
                new MigrationName(id), new MigrationReport(step, outcome, "so it went"));
    }

    private Command.ReportMigration reportOf(String step, Outcome outcome) {
        return report("m", step, outcome);
    }

    private void report(String step, Outcome outcome) {
        world.accept(reportOf(step, outcome), admin());
    }

    private RampState ramp() {
        return world.catalog().ramp(migration("m").ramp().orElseThrow()).orElseThrow().state();
    }

    private Migration migration(String id) {
        return world.catalog().migration(new MigrationName(id)).orElseThrow();
    }

    private static Command share(String gate, int share) {
        return new Command.SetShare(
                Fixtures.gateTarget(gate), new dev.sluice.contract.PartsPerMillion(share));
    }

    private CommandContext admin() {
        return at(Fixtures.admin());
    }

    private CommandContext careful(String id) {
        return at(
                world.careful(
                        world.catalog().migration(new MigrationName(id)).isPresent()
                                ? new Command.AdvanceMigration(new MigrationName(id))
                                : new Command.DeleteGate(new GateName(id))));
    }

    private CommandContext at(CommandContext context) {
        return new CommandContext(
                context.caller(),
                context.requestId(),
                context.reason(),
                context.validation(),
                context.etag(),
                now);
    }

    private List<String> paths(Command command) {
        return refusedPaths(command);
    }

    private List<String> refusedPaths(Command command) {
        return world.refuse(command, at(world.careful(command))).stream()
                .map(refusal -> refusal.problem().path())
                .toList();
    }
}
