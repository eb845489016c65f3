package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.sluice.admin.v1.AdvanceMigrationRequest;
import dev.sluice.admin.v1.AdvanceRampRequest;
import dev.sluice.admin.v1.CreateMigrationRequest;
import dev.sluice.admin.v1.GetMigrationRequest;
import dev.sluice.admin.v1.GetRampRequest;
import dev.sluice.admin.v1.ListBlockersRequest;
import dev.sluice.admin.v1.ListNodesRequest;
import dev.sluice.admin.v1.Migration;
import dev.sluice.admin.v1.MigrationServiceGrpc;
import dev.sluice.admin.v1.MigrationServiceGrpc.MigrationServiceBlockingStub;
import dev.sluice.admin.v1.Node;
import dev.sluice.admin.v1.NodeServiceGrpc;
import dev.sluice.admin.v1.Phase;
import dev.sluice.admin.v1.Ramp;
import dev.sluice.admin.v1.RampServiceGrpc;
import dev.sluice.admin.v1.RampServiceGrpc.RampServiceBlockingStub;
import dev.sluice.admin.v1.RampState;
import dev.sluice.admin.v1.RampStep;
import dev.sluice.admin.v1.ReportStepRequest;
import dev.sluice.admin.v1.StepReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One migration, one control plane, and three kinds of nodes that take part in it: a sidecar of
 * ours, an unmodified Envoy, and grpc-java without a proxy.
 */
@Tag("interop")
class MigrationPeersIT {
    private static final String ENVOYS = "127.0.0.2";
    private static final String NAME = "migrations/shop";
    private static final Map<String, Integer> ALL_LEGACY = Map.of("legacy", Caller.USERS);
    private static final Map<String, Integer> ALL_NEW = Map.of("new", Caller.USERS);
    private static final Duration SOAK = Duration.newBuilder().setSeconds(1).build();

    /** What the jobs of a change report, by the phase that awaits it. */
    private static final Map<Phase, String> REPORTS =
            Map.of(
                    Phase.EXPAND, "expand",
                    Phase.BACKFILL, "backfill",
                    Phase.VERIFY, "verify",
                    Phase.DRAIN, "drain",
                    Phase.CONTRACT, "contract");

    @TempDir private Path folder;

    @Test
    void envoy_grpc_and_sluice_take_part_in_the_same_migration() throws Exception {
        try (Site site = Site.openWithGrpc(folder)) {
            site.start(DataPlane.SLUICE_DELTA, "sluice-1").process().awaitReady();
            site.start(DataPlane.ENVOY_SOTW, "envoy-1", ENVOYS).process().awaitReady();
            Map<String, GrpcUsers> users =
                    Map.of(
                            "sluice", site.grpcUsersAt(Site.EDGE),
                            "envoy", site.grpcUsersAt(ENVOYS),
                            "grpc", site.usersWithoutProxy("grpc-1"));
            allAnswer(users, ALL_LEGACY, "before it");
            assertThat(nodes(site))
                    .isEqualTo(
                            Map.of(
                                    "nodes/sluice-1", Node.Kind.SLUICE,
                                    "nodes/envoy-1", Node.Kind.ENVOY,
                                    "nodes/grpc-1", Node.Kind.GRPC));
            MigrationServiceBlockingStub migrations =
                    MigrationServiceGrpc.newBlockingStub(site.shop().api().channel());
            plan(migrations);
            List<Phase> walked = new ArrayList<>();

            while (get(migrations).getState() != Migration.State.FINISHED) {
                Phase phase = advance(migrations);
                walked.add(phase);
                if (phase == Phase.RAMP) {
                    Caller.await(() -> site.shop().gate().getSharePpm() == 500_000);
                    halfAnswer(users);
                    promote(site, migrations);
                }
                Caller.await(() -> isResting(migrations, phase));
                Migration now = get(migrations);
                assertThat(isResting(migrations, phase)).as("%s", now).isTrue();
                if (phase != Phase.RAMP) {
                    boolean isBefore = phase.compareTo(Phase.RAMP) < 0;
                    allAnswer(users, isBefore ? ALL_LEGACY : ALL_NEW, phase);
                }
                String step = REPORTS.get(phase);
                if (step != null) {
                    report(migrations, step);
                }
            }

            assertThat(walked)
                    .startsWith(Phase.EXPAND)
                    .contains(Phase.RAMP, Phase.SOAK, Phase.CONTRACT)
                    .endsWith(Phase.DONE);
        }
    }

    private static void plan(MigrationServiceBlockingStub migrations) {
        Migration migration =
                Migration.newBuilder()
                        .setDisplayName("Names are split")
                        .setOwner("team-shop")
                        .setTarget(Shop.GATE)
                        .setStore(Migration.StoreKind.SHARED)
                        .setRisk(Migration.Risk.LOW)
                        .addRiskReasons("a test")
                        .addSteps(
                                RampStep.newBuilder()
                                        .setSharePpm(500_000)
                                        .setSoak(SOAK)
                                        .setAdvance(RampStep.Advance.APPROVED))
                        .setSoak(
                                RampStep.newBuilder()
                                        .setSoak(SOAK)
                                        .setAdvance(RampStep.Advance.TIMED))
                        .build();
        Migration unused =
                migrations.createMigration(
                        CreateMigrationRequest.newBuilder()
                                .setMigrationId("shop")
                                .setMigration(migration)
                                .build());
    }

    private static Migration get(MigrationServiceBlockingStub migrations) {
        return migrations.getMigration(GetMigrationRequest.newBuilder().setName(NAME).build());
    }

    /** Enters the next phase when nothing stands against it any more. */
    private static Phase advance(MigrationServiceBlockingStub migrations) {
        ListBlockersRequest request = ListBlockersRequest.newBuilder().setName(NAME).build();
        Caller.await(() -> migrations.listBlockers(request).getBlockersCount() == 0);
        assertThat(migrations.listBlockers(request).getBlockersList()).isEmpty();
        return migrations
                .advanceMigration(
                        AdvanceMigrationRequest.newBuilder()
                                .setName(NAME)
                                .setEtag(get(migrations).getEtag())
                                .build())
                .getPhase();
    }

    private static boolean isResting(MigrationServiceBlockingStub migrations, Phase phase) {
        Migration now = get(migrations);
        return now.getPhase() == phase
                && (now.getProgress() == Migration.Progress.RESTING
                        || now.getState() == Migration.State.FINISHED);
    }

    private static void report(MigrationServiceBlockingStub migrations, String step) {
        Migration unused =
                migrations.reportStep(
                        ReportStepRequest.newBuilder()
                                .setName(NAME)
                                .setReport(
                                        StepReport.newBuilder()
                                                .setStep(step)
                                                .setOutcome(StepReport.Outcome.SUCCEEDED)
                                                .setSummary("done"))
                                .build());
    }

    private static void promote(Site site, MigrationServiceBlockingStub migrations) {
        RampServiceBlockingStub ramps =
                RampServiceGrpc.newBlockingStub(site.shop().api().channel());
        Supplier<Ramp> ramp =
                () ->
                        ramps.getRamp(
                                GetRampRequest.newBuilder()
                                        .setName(get(migrations).getRamp())
                                        .build());
        Caller.await(() -> ramp.get().getState() == RampState.WAITING_FOR_APPROVAL);
        Ramp waiting = ramp.get();
        Ramp unused =
                ramps.advanceRamp(
                        AdvanceRampRequest.newBuilder()
                                .setName(waiting.getName())
                                .setEtag(waiting.getEtag())
                                .build());
    }

    private static void allAnswer(
            Map<String, GrpcUsers> users, Map<String, Integer> wanted, Object when) {
        users.forEach((kind, some) ->
                assertThat(some.tallyUntil(wanted::equals))
                        .as("%s, %s", kind, when)
                        .isEqualTo(wanted));
    }

    private static void halfAnswer(Map<String, GrpcUsers> users) {
        users.forEach((kind, some) -> {
            Map<String, Integer> tally = some.tallyUntil(now -> now.getOrDefault("new", 0) > 50);
            assertThat(tally).as(kind).containsOnlyKeys("legacy", "new");
            assertThat(tally.getOrDefault("new", 0))
                    .as("%s, of 200 at 50 %%", kind)
                    .isBetween(50, 150);
        });
    }

    private static Map<String, Node.Kind> nodes(Site site) {
        Map<String, Node.Kind> kinds = new TreeMap<>();
        NodeServiceGrpc.newBlockingStub(site.shop().api().channel())
                .listNodes(ListNodesRequest.getDefaultInstance())
                .getNodesList()
                .forEach(node -> kinds.put(node.getName(), node.getKind()));
        return kinds;
    }
}
