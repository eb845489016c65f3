package dev.sluice.control.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import dev.sluice.admin.v1.AbortRolloutRequest;
import dev.sluice.admin.v1.CreateRingPlanRequest;
import dev.sluice.admin.v1.DeleteRingPlanRequest;
import dev.sluice.admin.v1.GetNodeRequest;
import dev.sluice.admin.v1.GetRingPlanRequest;
import dev.sluice.admin.v1.ListRingPlansRequest;
import dev.sluice.admin.v1.NodeServiceGrpc;
import dev.sluice.admin.v1.ResumeRolloutRequest;
import dev.sluice.admin.v1.RingPlan;
import dev.sluice.admin.v1.RingPlan.Members;
import dev.sluice.admin.v1.RingPlan.Ring;
import dev.sluice.admin.v1.RingPlan.Rollout.State;
import dev.sluice.admin.v1.RingPlanServiceGrpc;
import dev.sluice.admin.v1.RingPlanServiceGrpc.RingPlanServiceBlockingStub;
import dev.sluice.admin.v1.UpdateRingPlanRequest;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.RingPlanName;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.RingTrouble;
import dev.sluice.control.cli.CommandRun;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.lifecycle.structure.StructureAtNode;
import dev.sluice.control.path.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans of rings over the wire, and how a rollout is shown and decided about. */
class RingPlanApiIT {
    private static final String NAME = "ringPlans/main";

    @TempDir private Path folder;
    private AdminPlane plane;
    private RingPlanServiceBlockingStub plans;

    @BeforeEach
    void start() throws IOException {
        plane = new AdminPlane(folder);
        plans = RingPlanServiceGrpc.newBlockingStub(plane.admin());
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    private RingPlan create(Ring... rings) {
        return plans.createRingPlan(
                CreateRingPlanRequest.newBuilder()
                        .setRingPlanId("main")
                        .setRingPlan(RingPlan.newBuilder().addAllRings(List.of(rings)))
                        .build());
    }

    private static Ring canary() {
        return Ring.newBuilder()
                .setId("canary")
                .setMembers(Members.newBuilder().addNodes("c*").setPercent(5))
                .build();
    }

    private static Ring all() {
        return Ring.newBuilder().setId("all").build();
    }

    private RingPlan get() {
        return plans.getRingPlan(GetRingPlanRequest.newBuilder().setName(NAME).build());
    }

    private void accepted(Command command, Principal by) {
        assertThat(plane.path().submit(command, Fixtures.by(by)).join())
                .isInstanceOf(Outcome.Accepted.class);
    }

    @Test
    void a_plan_is_created_shown_changed_and_deleted() {
        RingPlan created = create(canary(), all());

        assertThat(created.getRings(0).getBake()).isEqualTo(seconds(300));
        assertThat(created.getRings(1).getDeadline()).isEqualTo(seconds(60));
        assertThat(created.getRings(1).hasMembers()).isFalse();
        assertThat(created.getRollout().getState()).isEqualTo(State.COMPLETE);
        assertThat(
                        plans.listRingPlans(ListRingPlansRequest.getDefaultInstance())
                                .getRingPlansList())
                .containsExactly(created);
        RingPlan hasty =
                plans.updateRingPlan(
                        UpdateRingPlanRequest.newBuilder()
                                .setRingPlan(
                                        created.toBuilder()
                                                .setRings(
                                                        0,
                                                        canary().toBuilder().setBake(seconds(0))))
                                .setUpdateMask(FieldMask.newBuilder().addPaths("rings"))
                                .build());
        assertThat(hasty.getRings(0).getBake()).isEqualTo(seconds(0));
        var unused =
                plans.deleteRingPlan(
                        DeleteRingPlanRequest.newBuilder()
                                .setName(NAME)
                                .setEtag(hasty.getEtag())
                                .build());
        assertThatThrownBy(this::get).hasMessageContaining("NOT_FOUND");
    }

    @Test
    void every_problem_of_a_plan_is_told() {
        assertThatThrownBy(() -> create(all(), all())).hasMessageContaining("2 problems");
        assertThatThrownBy(() ->
                        create(
                                Ring.newBuilder()
                                        .setId("x")
                                        .setMembers(Members.newBuilder().addServices("orders"))
                                        .build(),
                                all()))
                .hasMessageContaining("rings[0].members.services[0]");
    }

    @Test
    void a_rollout_is_shown_with_who_holds_it_up_and_decided_about() throws IOException {
        accepted(new Command.CreateService(Fixtures.service("web")), Fixtures.ADMIN);
        accepted(new Command.RegisterNode(Fixtures.node("c1", "web")), Principal.NODES);
        accepted(new Command.RegisterNode(Fixtures.node("r1", "web")), Principal.NODES);
        create(canary(), all());
        accepted(new Command.CreateService(Fixtures.service("orders", 10_001)), Fixtures.ADMIN);
        plane.fleet =
                new FleetReport(
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        node ->
                                new StructureAtNode(
                                        OptionalLong.empty(),
                                        node.nodeId().equals("c1")
                                                ? List.of(
                                                        new StructureAtNode.Refused(
                                                                1_000, "listener: no"))
                                                : List.of()),
                        _ -> List.of());
        RingPlan rolling = get();

        assertThat(rolling.getRollout().getState()).isEqualTo(State.ROLLING);
        assertThat(rolling.getRollout().getRing()).isEqualTo("canary");
        assertThat(rolling.getRollout().getRings(0).getWaitingNodesList())
                .containsExactly("nodes/c1");
        assertThat(rolling.getRollout().getRings(0).getRefusals(0).getReason())
                .isEqualTo("listener: no");
        assertThat(rolling.getRollout().getRings(1).getRevision())
                .isLessThan(rolling.getRollout().getRevision());
        assertThat(
                        NodeServiceGrpc.newBlockingStub(plane.admin())
                                .getNode(GetNodeRequest.newBuilder().setName("nodes/r1").build())
                                .getRing())
                .isEqualTo("all");

        accepted(
                new Command.HaltStructure(
                        new RingPlanName("main"),
                        0,
                        rolling.getRollout().getRevision(),
                        List.of(new RingTrouble(new NodeName("c1"), "listener: no")),
                        "stopped in ring canary by 1 node: nodes/c1: listener: no"),
                Principal.ORCHESTRATOR);
        assertThat(cli("structure", "rollout"))
                .satisfies(result -> {
                    assertThat(result.exitCode()).isEqualTo(1);
                    assertThat(result.out())
                            .contains("HALTED", "stopped by nodes/c1: listener: no", "(behind)");
                });
        assertThat(cli("structure", "rollout", "--watch"))
                .satisfies(result -> {
                    assertThat(result.exitCode()).isEqualTo(1);
                    assertThat(result.out())
                            .isEqualToNormalizingNewlines(
                                    "HALTED: stopped in ring canary by 1 node: nodes/c1: listener:"
                                            + " no; canary 0/1, all behind\n");
                });
        assertThatThrownBy(() ->
                        plans.resumeRollout(
                                ResumeRolloutRequest.newBuilder().setName(NAME).build()))
                .hasMessageContaining("reason");
        assertThat(
                        cli(
                                        "structure",
                                        "resume",
                                        "--reason",
                                        "the port is free",
                                        "--validate-only")
                                .out())
                .startsWith("ROLLING");
        assertThat(get().getRollout().getState()).as("only validated").isEqualTo(State.HALTED);
        assertThat(cli("structure", "resume", "--reason", "the port is free").exitCode()).isZero();
        assertThat(get().getRollout().getState()).isEqualTo(State.ROLLING);
        assertThat(
                        plans.abortRollout(
                                        AbortRolloutRequest.newBuilder()
                                                .setName(NAME)
                                                .setReason("wrong port")
                                                .setValidateOnly(true)
                                                .build())
                                .getRollout()
                                .getState())
                .isEqualTo(State.ABORTED);
        assertThat(get().getRollout().getState()).as("only validated").isEqualTo(State.ROLLING);
        assertThat(
                        plans.abortRollout(
                                        AbortRolloutRequest.newBuilder()
                                                .setName(NAME)
                                                .setReason("wrong port")
                                                .build())
                                .getRollout()
                                .getState())
                .isEqualTo(State.ABORTED);
    }

    private CommandRun.Result cli(String... args) throws IOException {
        List<String> all =
                new ArrayList<>(
                        List.of("--server", "127.0.0.1:" + plane.port(), "--token", plane.token()));
        all.addAll(List.of(args));
        try (CommandRun run = new CommandRun().overTheNetwork()) {
            return run.run(all.toArray(String[]::new));
        }
    }

    private static Duration seconds(long seconds) {
        return Duration.newBuilder().setSeconds(seconds).build();
    }
}
