package dev.sluice.control.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.v1.RingPlan;
import dev.sluice.admin.v1.RingPlan.Rollout.State;
import dev.sluice.control.cli.output.Format;
import dev.sluice.control.cli.output.Printer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a rollout is followed. */
class RolloutWatchTest {
    private final StringWriter out = new StringWriter();
    private int pauses;

    @Test
    void what_changes_is_told_once_until_it_is_in_every_ring() {
        int exit =
                watch(
                        rollout(State.ROLLING, "on its way to ring canary", 2, 5),
                        rollout(State.ROLLING, "on its way to ring canary", 2, 5),
                        rollout(State.ROLLING, "on its way to ring canary", 0, 5),
                        rollout(State.COMPLETE, "every ring has what is declared", 0, 9));

        assertThat(exit).isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "ROLLING: on its way to ring canary; canary 1/3, all behind",
                        "ROLLING: on its way to ring canary; canary 3/3, all behind",
                        "COMPLETE: every ring has what is declared; canary 3/3, all 4/4");
        assertThat(pauses).isEqualTo(3);
    }

    @Test
    void it_ends_with_1_where_it_is_stopped() {
        assertThat(
                        watch(
                                rollout(State.ROLLING, "on its way", 1, 5),
                                rollout(State.HALTED, "stopped in ring canary", 1, 5)))
                .isEqualTo(1);
        assertThat(watch(rollout(State.ABORTED, "taken back", 0, 5))).isEqualTo(1);
        assertThat(pauses).as("of the first alone").isEqualTo(1);
    }

    @Test
    void who_interrupts_it_gets_what_was_told_last() {
        Iterator<RingPlan> states = List.of(rollout(State.ROLLING, "on its way", 1, 5)).iterator();

        assertThat(new RolloutWatch(states::next, printer(), () -> false).run()).isZero();
        assertThat(out.toString().lines()).hasSize(1);
    }

    private int watch(RingPlan... plans) {
        Iterator<RingPlan> states = List.of(plans).iterator();
        return new RolloutWatch(states::next, printer(), () -> ++pauses > 0).run();
    }

    private Printer printer() {
        return new Printer(new PrintWriter(out), Format.table);
    }

    private static RingPlan rollout(State state, String message, int waiting, long lastRevision) {
        return RingPlan.newBuilder()
                .setRollout(
                        RingPlan.Rollout.newBuilder()
                                .setState(state)
                                .setMessage(message)
                                .setRevision(9)
                                .addRings(
                                        RingPlan.RingState.newBuilder()
                                                .setId("canary")
                                                .setRevision(9)
                                                .setNodes(3)
                                                .setWaiting(waiting))
                                .addRings(
                                        RingPlan.RingState.newBuilder()
                                                .setId("all")
                                                .setRevision(lastRevision)
                                                .setNodes(4)))
                .build();
    }
}
