package dev.sluice.control.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.v1.ListRingPlansRequest;
import dev.sluice.admin.v1.ListRingPlansResponse;
import dev.sluice.admin.v1.RingPlan;
import dev.sluice.admin.v1.RingPlan.Rollout.State;
import dev.sluice.admin.v1.RingPlanServiceGrpc.RingPlanServiceImplBase;
import dev.sluice.admin.v1.WatchRingPlanRequest;
import dev.sluice.control.cli.CommandRun;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a rollout is followed. */
class RolloutWatchTest {
    @Test
    void what_changes_is_told_once_until_it_is_in_every_ring() throws IOException {
        CommandRun.Result result =
                watch(
                        List.of(
                                rollout(State.ROLLING, "on its way to ring canary", 2, 5),
                                rollout(State.ROLLING, "on its way to ring canary", 2, 5),
                                rollout(State.ROLLING, "on its way to ring canary", 0, 5),
                                rollout(State.COMPLETE, "every ring has what is declared", 0, 9),
                                rollout(State.ROLLING, "the next", 0, 9)));

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out().lines())
                .containsExactly(
                        "ROLLING: on its way to ring canary; canary 1/3, all behind",
                        "ROLLING: on its way to ring canary; canary 3/3, all behind",
                        "COMPLETE: every ring has what is declared; canary 3/3, all 4/4");
    }

    @Test
    void it_ends_with_1_where_it_is_stopped() throws IOException {
        assertThat(
                        watch(
                                        List.of(
                                                rollout(State.ROLLING, "on its way", 1, 5),
                                                rollout(State.HALTED, "stopped", 1, 5)))
                                .exitCode())
                .isEqualTo(1);
        assertThat(watch(List.of(rollout(State.ABORTED, "taken back", 0, 5))).exitCode())
                .isEqualTo(1);
    }

    @Test
    void it_goes_on_where_the_connection_broke() throws IOException {
        RingPlan onItsWay = rollout(State.ROLLING, "on its way", 1, 5);
        CommandRun.Result result =
                watch(
                        List.of(onItsWay),
                        List.of(onItsWay, rollout(State.COMPLETE, "everywhere", 0, 9)));

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out().lines())
                .containsExactly(
                        "ROLLING: on its way; canary 2/3, all behind",
                        "-- the connection broke; watching again",
                        "COMPLETE: everywhere; canary 3/3, all 4/4");
    }

    private static CommandRun.Result watch(List<RingPlan> first) throws IOException {
        return follow(List.of(first));
    }

    private static CommandRun.Result watch(List<RingPlan> first, List<RingPlan> second)
            throws IOException {
        return follow(List.of(first, second));
    }

    private static CommandRun.Result follow(List<List<RingPlan>> connections) throws IOException {
        try (var run = new CommandRun(new Plans(connections))) {
            return run.run("structure", "rollout", "--watch");
        }
    }

    /** Each watch but the last breaks after what it tells. */
    private static final class Plans extends RingPlanServiceImplBase {
        private final Iterator<List<RingPlan>> connections;

        Plans(List<List<RingPlan>> connections) {
            this.connections = connections.iterator();
        }

        @Override
        public void listRingPlans(
                ListRingPlansRequest request, StreamObserver<ListRingPlansResponse> observer) {
            observer.onNext(
                    ListRingPlansResponse.newBuilder()
                            .addRingPlans(RingPlan.newBuilder().setName("ringPlans/main"))
                            .build());
            observer.onCompleted();
        }

        @Override
        public void watchRingPlan(WatchRingPlanRequest request, StreamObserver<RingPlan> observer) {
            connections.next().forEach(observer::onNext);
            if (connections.hasNext()) {
                observer.onError(Status.UNAVAILABLE.asRuntimeException());
            } else {
                observer.onCompleted();
            }
        }
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
