package dev.sluice.control.admin.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Timestamp;
import dev.sluice.admin.v1.AdvanceMigrationRequest;
import dev.sluice.admin.v1.Blocker;
import dev.sluice.admin.v1.CreateMigrationRequest;
import dev.sluice.admin.v1.DeleteMigrationRequest;
import dev.sluice.admin.v1.GetMigrationRequest;
import dev.sluice.admin.v1.ListBlockersRequest;
import dev.sluice.admin.v1.ListMigrationsRequest;
import dev.sluice.admin.v1.Migration;
import dev.sluice.admin.v1.MigrationServiceGrpc.MigrationServiceBlockingStub;
import dev.sluice.admin.v1.PauseMigrationRequest;
import dev.sluice.admin.v1.Phase;
import dev.sluice.admin.v1.RampStep;
import dev.sluice.admin.v1.ReportStepRequest;
import dev.sluice.admin.v1.ResumeMigrationRequest;
import dev.sluice.admin.v1.RollbackMigrationRequest;
import dev.sluice.admin.v1.StepReport;
import dev.sluice.admin.v1.UpdateMigrationRequest;
import dev.sluice.admin.v1.WatchMigrationRequest;
import dev.sluice.contract.MigrationName;
import dev.sluice.control.admin.AdminPlane;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.spec.ApprovalPolicySpec;
import dev.sluice.control.change.spec.MigrationSpec;
import dev.sluice.control.evidence.EvidenceTotals;
import dev.sluice.control.judge.KeyJudge;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.orchestrate.MigrationRunner;
import dev.sluice.control.orchestrate.RampRunner;
import dev.sluice.testkit.Patience;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationApiIT {
    private static final String NAME = "migrations/orders-v2";
    private static final Map<Phase, String> REPORTS =
            Map.of(
                    Phase.EXPAND, "expand",
                    Phase.BACKFILL, "backfill",
                    Phase.VERIFY, "verify",
                    Phase.DRAIN, "drain",
                    Phase.CONTRACT, "contract");

    @TempDir private Path folder;
    private AdminPlane plane;
    private MigrationServiceBlockingStub migrations;
    private RampRunner ramps;

    @BeforeEach
    void a_gate_to_move() throws IOException {
        plane = new AdminPlane(folder);
        migrations = plane.migrations();
        ramps =
                new RampRunner(
                        plane.path(),
                        () -> FleetReport.SILENT,
                        new EvidenceTotals(),
                        new KeyJudge(),
                        (_, _) -> List.of(),
                        InstantSource.system());
        for (Command command :
                List.of(
                        new Command.CreateService(Fixtures.service("orders")),
                        new Command.CreateVersion(Fixtures.version("orders", "v1")),
                        new Command.CreateVersion(Fixtures.version("orders", "v2")),
                        new Command.CreateGate(Fixtures.gate("orders", "orders", 0)))) {
            plane.path().submit(command, Fixtures.admin()).join();
        }
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    @Test
    void a_migration_walks_to_its_end_by_people_jobs_and_the_orchestrator() {
        Migration planned = create();
        assertThat(planned.getProgress()).isEqualTo(Migration.Progress.PLANNED);

        advance();
        while (get().getState() == Migration.State.ACTIVE) {
            settle();
            Migration now = get();
            String step = REPORTS.get(now.getPhase());
            if (step != null) {
                report(step);
            }
            assertThat(blockers()).as("in %s", now.getPhase()).isEmpty();
            advance();
        }

        Migration done = get();
        assertThat(done.getState()).isEqualTo(Migration.State.FINISHED);
        assertThat(done.getPhase()).isEqualTo(Phase.DONE);
        assertThat(done.getTimelineList())
                .extracting(entry -> entry.getPrincipal())
                .contains("admin", "sluice/orchestrator");
        assertThat(migrations.watchMigration(watch()).next()).isEqualTo(done);
    }

    @Test
    void blockers_say_what_stands_against_the_next_phase_and_how_to_clear_it() {
        create();
        advance();
        settle();

        assertThat(blockers())
                .singleElement()
                .satisfies(blocker -> {
                    assertThat(blocker.getSubject()).isEqualTo("reports[expand]");
                    assertThat(blocker.getRemedy()).isNotBlank();
                });
        assertThatThrownBy(this::advance)
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("FAILED_PRECONDITION");
    }

    @Test
    void a_plan_is_listed_changed_held_given_up_and_deleted() {
        Migration planned = create();
        Migration changed =
                migrations.updateMigration(
                        UpdateMigrationRequest.newBuilder()
                                .setMigration(planned.toBuilder().setOutcome("faster orders"))
                                .setUpdateMask(FieldMask.newBuilder().addPaths("outcome"))
                                .build());
        assertThat(changed.getOutcome()).isEqualTo("faster orders");
        assertThat(changed.getStepsList()).isEqualTo(planned.getStepsList());
        assertThat(
                        migrations
                                .listMigrations(ListMigrationsRequest.getDefaultInstance())
                                .getMigrationsList())
                .containsExactly(changed);

        assertThat(
                        migrations
                                .pauseMigration(
                                        PauseMigrationRequest.newBuilder().setName(NAME).build())
                                .getState())
                .isEqualTo(Migration.State.PAUSED);
        assertThat(
                        migrations
                                .resumeMigration(
                                        ResumeMigrationRequest.newBuilder().setName(NAME).build())
                                .getState())
                .isEqualTo(Migration.State.ACTIVE);
        assertThat(
                        migrations
                                .rollbackMigration(
                                        RollbackMigrationRequest.newBuilder()
                                                .setName(NAME)
                                                .setReason("not now")
                                                .build())
                                .getState())
                .isEqualTo(Migration.State.ABANDONED);
        var unused =
                migrations.deleteMigration(
                        DeleteMigrationRequest.newBuilder().setName(NAME).build());
        assertThatThrownBy(this::get).hasMessageContaining("NOT_FOUND");
    }

    @Test
    void what_is_said_of_it_as_a_product_is_kept_and_changed_field_by_field() {
        Migration said =
                create().toBuilder()
                        .addChanges(Migration.Change.SPLIT)
                        .addServices("services/orders")
                        .addContracts("shop.orders.v1")
                        .addStores(Migration.Store.newBuilder().setName("db"))
                        .setThroughput(Migration.Throughput.newBuilder().setWritesPerSecond(7))
                        .addAccessPatterns("by key")
                        .addApprovers("ada")
                        .addMilestones(
                                Migration.Milestone.newBuilder()
                                        .setTitle("half")
                                        .setDay("2026-12-24"))
                        .addCommunication(
                                Migration.Notice.newBuilder()
                                        .setAudience("callers")
                                        .setChannel("#shop")
                                        .setPhase(Phase.DRAIN)
                                        .setText("move on"))
                        .setDeprecation(
                                Migration.DeprecationWindow.newBuilder()
                                        .setDeprecateTime(Timestamp.newBuilder().setSeconds(60))
                                        .setSunsetTime(Timestamp.newBuilder().setSeconds(90))
                                        .setLinkUri("https://shop.example/names"))
                        .build();

        Migration changed =
                migrations.updateMigration(
                        UpdateMigrationRequest.newBuilder().setMigration(said).build());

        assertThat(changed.getChangesList()).containsExactly(Migration.Change.SPLIT);
        assertThat(changed.getThroughput()).isEqualTo(said.getThroughput());
        assertThat(changed.getMilestonesList()).isEqualTo(said.getMilestonesList());
        assertThat(changed.getCommunicationList()).isEqualTo(said.getCommunicationList());
        assertThat(changed.getDeprecation()).isEqualTo(said.getDeprecation());
        assertThat(changed.getStoresList()).isEqualTo(said.getStoresList());
        assertThat(changed.getContractsList()).containsExactly("shop.orders.v1");

        assertThatThrownBy(() ->
                        migrations.updateMigration(
                                UpdateMigrationRequest.newBuilder()
                                        .setMigration(
                                                changed.toBuilder()
                                                        .clearMilestones()
                                                        .addMilestones(
                                                                Migration.Milestone.newBuilder()
                                                                        .setTitle("x")
                                                                        .setDay("soon"))
                                                        .addChangesValue(99)
                                                        .addServices("nobody")
                                                        .addCommunication(
                                                                Migration.Notice
                                                                        .getDefaultInstance())
                                                        .setDeprecation(
                                                                Migration.DeprecationWindow
                                                                        .newBuilder()
                                                                        .setSunsetTime(
                                                                                Timestamp
                                                                                        .newBuilder()
                                                                                        .setNanos(
                                                                                                -1))))
                                        .build()))
                .hasMessageContaining("INVALID_ARGUMENT: 5 problems");
    }

    @Test
    void people_are_called_once_by_the_orchestrator_when_a_step_waits_for_them_too_long() {
        create();
        plane.path()
                .submit(
                        new Command.PutApprovalPolicy(
                                new ApprovalPolicySpec(
                                        MigrationSpec.Risk.LOW,
                                        1,
                                        List.of(),
                                        java.time.Duration.ofDays(1),
                                        java.time.Duration.ZERO,
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.of(java.time.Duration.ofHours(1)))),
                        Fixtures.admin())
                .join();
        Instant later = Instant.now().plus(java.time.Duration.ofHours(2));
        MigrationRunner runner =
                new MigrationRunner(plane.path(), () -> FleetReport.SILENT, () -> later);

        runner.tick();
        writerIsIdle();
        runner.tick();
        writerIsIdle();

        assertThat(get().getTimelineList())
                .extracting(entry -> entry.getText())
                .filteredOn(text -> text.startsWith("people are called"))
                .hasSize(1);
    }

    @Test
    void every_problem_of_a_plan_is_told_at_once() {
        assertThatThrownBy(() ->
                        migrations.createMigration(
                                CreateMigrationRequest.newBuilder()
                                        .setMigrationId("x")
                                        .setMigration(
                                                Migration.newBuilder()
                                                        .setTarget("elsewhere")
                                                        .setRiskValue(99)
                                                        .setCompatibilityValue(99)
                                                        .addDependsOn("nobody")
                                                        .addSoaks(
                                                                Migration.PhaseSoak
                                                                        .getDefaultInstance()))
                                        .build()))
                .hasMessageContaining("INVALID_ARGUMENT: 6 problems");
        assertThatThrownBy(() ->
                        migrations.reportStep(ReportStepRequest.newBuilder().setName(NAME).build()))
                .hasMessageContaining("INVALID_ARGUMENT: 2 problems");
    }

    private Migration create() {
        return migrations.createMigration(
                CreateMigrationRequest.newBuilder()
                        .setMigrationId("orders-v2")
                        .setMigration(
                                Migration.newBuilder()
                                        .setTarget("gates/orders")
                                        .setStore(Migration.StoreKind.SHARED)
                                        .setRisk(Migration.Risk.LOW)
                                        .setCompatibility(Migration.Compatibility.FULL)
                                        .addTables("db/orders")
                                        .addSoaks(
                                                Migration.PhaseSoak.newBuilder()
                                                        .setPhase(Phase.VERIFY)
                                                        .setLeast(Duration.getDefaultInstance()))
                                        .addSteps(timed(10_000))
                                        .addSteps(timed(990_000))
                                        .setSoak(timed(0)))
                        .build());
    }

    private static RampStep timed(int share) {
        return RampStep.newBuilder()
                .setSharePpm(share)
                .setMaxSoak(Duration.newBuilder().setSeconds(60))
                .setAdvance(RampStep.Advance.TIMED)
                .build();
    }

    /** The orchestrator's work, until the phase is in force. */
    private void settle() {
        for (int look = 0; look < 100; look++) {
            if (get().getProgress() == Migration.Progress.RESTING) {
                return;
            }
            ramps.tick();
            plane.migrationRunner().tick();
            writerIsIdle();
        }
        throw new AssertionError("it does not come to rest: " + get());
    }

    /** What was given before has its outcome: there is one writer. */
    private void writerIsIdle() {
        var unused =
                Patience.await(
                        plane.path()
                                .submit(
                                        new Command.ResumeMigration(
                                                MigrationName.parse(NAME).orThrow()),
                                        Fixtures.admin()),
                        "the writer");
    }

    private void advance() {
        var unused =
                migrations.advanceMigration(
                        AdvanceMigrationRequest.newBuilder()
                                .setName(NAME)
                                .setEtag(get().getEtag())
                                .build());
    }

    private void report(String step) {
        var unused =
                migrations.reportStep(
                        ReportStepRequest.newBuilder()
                                .setName(NAME)
                                .setReport(
                                        StepReport.newBuilder()
                                                .setStep(step)
                                                .setOutcome(StepReport.Outcome.SUCCEEDED)
                                                .setSummary("all of it"))
                                .build());
    }

    private List<Blocker> blockers() {
        return migrations
                .listBlockers(ListBlockersRequest.newBuilder().setName(NAME).build())
                .getBlockersList();
    }

    private Migration get() {
        return migrations.getMigration(GetMigrationRequest.newBuilder().setName(NAME).build());
    }

    private static WatchMigrationRequest watch() {
        return WatchMigrationRequest.newBuilder().setName(NAME).build();
    }
}
