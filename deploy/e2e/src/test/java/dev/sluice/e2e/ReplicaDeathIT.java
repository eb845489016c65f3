package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.sluice.admin.v1.CreateRampRequest;
import dev.sluice.admin.v1.EventServiceGrpc;
import dev.sluice.admin.v1.GetRampRequest;
import dev.sluice.admin.v1.ListEventsRequest;
import dev.sluice.admin.v1.Ramp;
import dev.sluice.admin.v1.RampServiceGrpc;
import dev.sluice.admin.v1.RampState;
import dev.sluice.admin.v1.RampStep;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of the leader of two control planes on PostgreSQL, in the middle of a ramp. */
@Tag("interop")
class ReplicaDeathIT {
    private static final List<Integer> SHARES = List.of(100_000, 300_000, 500_000, 1_000_000);
    private static final Duration SOAK = Duration.newBuilder().setSeconds(3).build();

    @TempDir private Path folder;

    @Test
    void no_share_changes_by_it_and_the_ramp_goes_on_without_a_step_done_twice() throws Exception {
        try (Running running = new Running()) {
            EmbeddedPostgres database =
                    running.keep(
                            EmbeddedPostgres.builder().setServerConfig("fsync", "off").start());
            Replica leader = running.keep(Replica.start(folder.resolve("a"), database));
            Replica follower = running.keep(Replica.start(folder.resolve("b"), database));
            Arms arms = running.keep(Arms.http());
            int listen = Spawned.freePort();
            leader.shop().create(listen, arms);
            running.keep(follower.startEdge(folder, "edge-1", Site.EDGE)).awaitReady();
            Caller users = running.keep(new Caller(Site.EDGE, listen));
            users.tallyUntil(tally -> tally.equals(Map.of("legacy", Caller.USERS)));

            startRamp(leader);
            Map<String, Integer> before =
                    users.tallyUntil(tally -> tally.getOrDefault("new", 0) > 0);
            leader.process().kill();
            Map<String, Integer> after = users.tally();
            for (int step = 1; step < SHARES.size(); step++) {
                int next = step;
                Caller.await(() -> steps(follower) >= next);
            }
            Caller.await(() -> ramp(follower).getState() == RampState.SUCCEEDED);

            assertThat(before).as("some users on each side").containsOnlyKeys("legacy", "new");
            assertThat(after).as("the same users, by the kill").isEqualTo(before);
            assertThat(ramp(follower).getState()).isEqualTo(RampState.SUCCEEDED);
            assertThat(steps(follower)).as("steps in the log").isEqualTo(SHARES.size() - 1);
            assertThat(follower.shop().gate().getRevision().getNumber())
                    .as("revisions: one when it was created, and one for each step")
                    .isEqualTo(1 + SHARES.size());
            assertThat(users.tallyUntil(tally -> tally.equals(Map.of("new", Caller.USERS))))
                    .isEqualTo(Map.of("new", Caller.USERS));
        }
    }

    private static void startRamp(Replica replica) {
        Ramp.Builder ramp = Ramp.newBuilder().setTarget(Shop.GATE);
        for (int share : SHARES) {
            ramp.addSteps(
                    RampStep.newBuilder()
                            .setSharePpm(share)
                            .setSoak(SOAK)
                            .setAdvance(RampStep.Advance.TIMED));
        }
        Ramp unused =
                RampServiceGrpc.newBlockingStub(replica.shop().api().channel())
                        .createRamp(
                                CreateRampRequest.newBuilder()
                                        .setRampId("shop")
                                        .setRamp(ramp)
                                        .build());
    }

    private static Ramp ramp(Replica replica) {
        return RampServiceGrpc.newBlockingStub(replica.shop().api().channel())
                .getRamp(GetRampRequest.newBuilder().setName("ramps/shop").build());
    }

    /** How often the log says that the ramp went on to its next step. */
    private static long steps(Replica replica) {
        return EventServiceGrpc.newBlockingStub(replica.shop().api().channel())
                .listEvents(ListEventsRequest.newBuilder().setPageSize(1_000).build())
                .getEventsList()
                .stream()
                .filter(event -> event.getKind().equals("ramp.stepped"))
                .count();
    }
}
