package dev.sluice.control.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.v1.AbortRampRequest;
import dev.sluice.admin.v1.CreateGateSetRequest;
import dev.sluice.admin.v1.CreateRampRequest;
import dev.sluice.admin.v1.GateSet;
import dev.sluice.admin.v1.PauseRampRequest;
import dev.sluice.admin.v1.Ramp;
import dev.sluice.admin.v1.RampState;
import dev.sluice.admin.v1.RampStep;
import dev.sluice.admin.v1.SetSetShareRequest;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What moves gates together and step by step: gate sets and ramps. */
class ShareApiIT {
    @TempDir private Path folder;
    private AdminPlane plane;
    private Orders orders;

    @BeforeEach
    void start() throws IOException {
        plane = new AdminPlane(folder);
        orders = new Orders(plane);
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    @Test
    void a_set_moves_all_its_gates_in_one_step() {
        orders.create();
        orders.createGate("payments", Orders.said());
        GateSet set =
                plane.gateSets()
                        .createGateSet(
                                CreateGateSetRequest.newBuilder()
                                        .setGateSetId("shop")
                                        .setGateSet(
                                                GateSet.newBuilder()
                                                        .addGates("gates/orders")
                                                        .addGates("gates/payments"))
                                        .build());

        GateSet moved =
                plane.gateSets()
                        .setSetShare(
                                SetSetShareRequest.newBuilder()
                                        .setName("gateSets/shop")
                                        .setSharePpm(10_000)
                                        .setEtag(set.getEtag())
                                        .build());

        assertThat(moved.getSharePpm()).isEqualTo(10_000);
        assertThat(orders.gate().getSharePpm()).isEqualTo(10_000);
        assertThat(orders.gate().getGateSet()).isEqualTo("gateSets/shop");
    }

    @Test
    void a_set_waits_for_what_it_says() {
        orders.create();
        orders.createGate("payments", Orders.said());
        GateSet.Prerequisite after =
                GateSet.Prerequisite.newBuilder()
                        .setOf("gates/payments")
                        .setAbovePpm(5_000)
                        .setAtLeastPpm(20_000)
                        .build();
        GateSet set =
                plane.gateSets()
                        .createGateSet(
                                CreateGateSetRequest.newBuilder()
                                        .setGateSetId("shop")
                                        .setGateSet(
                                                GateSet.newBuilder()
                                                        .addGates("gates/orders")
                                                        .addPrerequisites(after))
                                        .build());
        assertThat(set.getPrerequisitesList()).containsExactly(after);
        SetSetShareRequest.Builder raise =
                SetSetShareRequest.newBuilder().setName("gateSets/shop").setEtag(set.getEtag());

        assertThat(
                        Refused.by(() ->
                                        plane.gateSets()
                                                .setSetShare(raise.setSharePpm(5_001).build()))
                                .getMessage())
                .contains("bring gates/payments to 2 % first");
        assertThat(plane.gateSets().setSetShare(raise.setSharePpm(5_000).build()).getSharePpm())
                .isEqualTo(5_000);
        CreateGateSetRequest wrong =
                CreateGateSetRequest.newBuilder()
                        .setGateSetId("more")
                        .setGateSet(
                                GateSet.newBuilder()
                                        .addPrerequisites(
                                                after.toBuilder().setOf("x").setAbovePpm(-1)))
                        .build();
        assertThat(Refused.by(() -> plane.gateSets().createGateSet(wrong)).getMessage())
                .contains("2 problems");
    }

    @Test
    void a_ramp_puts_its_first_step_in_force() {
        orders.create();

        Ramp ramp =
                plane.ramps()
                        .createRamp(
                                CreateRampRequest.newBuilder()
                                        .setRampId("orders-1")
                                        .setRamp(
                                                Ramp.newBuilder()
                                                        .setTarget("gates/orders")
                                                        .addSteps(step(10_000))
                                                        .addSteps(step(1_000_000)))
                                        .build());

        assertThat(ramp.getState()).isEqualTo(RampState.RUNNING);
        assertThat(ramp.getJudge().getMinKeys()).as("default of the contract").isEqualTo(100);
        assertThat(orders.gate().getSharePpm()).isEqualTo(10_000);

        Ramp paused =
                plane.ramps()
                        .pauseRamp(
                                PauseRampRequest.newBuilder()
                                        .setName(ramp.getName())
                                        .setValidateOnly(true)
                                        .build());
        Ramp aborted =
                plane.ramps()
                        .abortRamp(
                                AbortRampRequest.newBuilder()
                                        .setName(ramp.getName())
                                        .setReason("a try")
                                        .setValidateOnly(true)
                                        .build());
        assertThat(paused.getState()).isEqualTo(RampState.PAUSED);
        assertThat(aborted.getState()).isEqualTo(RampState.ROLLED_BACK);
        assertThat(orders.gate().getSharePpm()).as("only validated").isEqualTo(10_000);
    }

    private static RampStep step(int ppm) {
        return RampStep.newBuilder().setSharePpm(ppm).build();
    }
}
