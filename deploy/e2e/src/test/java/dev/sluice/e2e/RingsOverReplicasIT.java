package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.sluice.admin.v1.CreateRingPlanRequest;
import dev.sluice.admin.v1.EventServiceGrpc;
import dev.sluice.admin.v1.GetRingPlanRequest;
import dev.sluice.admin.v1.ListEventsRequest;
import dev.sluice.admin.v1.RingPlan;
import dev.sluice.admin.v1.RingPlan.Rollout;
import dev.sluice.admin.v1.RingPlanServiceGrpc;
import dev.sluice.admin.v1.Route;
import dev.sluice.gate.v1.OperationClass;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rings whose nodes are served by different control planes on one PostgreSQL. */
@Tag("interop")
class RingsOverReplicasIT {
    private static final String CANARY = "127.0.0.2";

    @TempDir private Path folder;

    @Test
    void a_ring_of_the_follower_s_nodes_lets_the_leader_s_have_it() throws Exception {
        try (Running running = new Running()) {
            EmbeddedPostgres database =
                    running.keep(
                            EmbeddedPostgres.builder().setServerConfig("fsync", "off").start());
            Replica leader = running.keep(Replica.start(folder.resolve("a"), database));
            Replica follower = running.keep(Replica.start(folder.resolve("b"), database));
            Arms arms = running.keep(Arms.http());
            int listen = Spawned.freePort();
            leader.shop().create(listen, arms);
            running.keep(follower.startEdge(folder, "canary-1", CANARY)).awaitReady();
            running.keep(leader.startEdge(folder, "edge-1", Site.EDGE)).awaitReady();
            Caller canaryUsers = running.keep(new Caller(CANARY, listen));
            Caller otherUsers = running.keep(new Caller(Site.EDGE, listen));
            for (Caller users : List.of(canaryUsers, otherUsers)) {
                assertThat(users.tallyUntil(Map.of("legacy", Caller.USERS)::equals))
                        .isEqualTo(Map.of("legacy", Caller.USERS));
            }
            createRings(leader);

            sendAllToNew(leader);
            Caller.await(() -> rollout(leader).getState() != Rollout.State.ROLLING);

            assertThat(rollout(leader).getState())
                    .as("%s", rollout(leader))
                    .isEqualTo(Rollout.State.COMPLETE);
            assertThat(rollout(leader).getRingsList())
                    .as("a node in each, one of them the follower's")
                    .extracting(RingPlan.RingState::getNodes)
                    .containsExactly(1, 1);
            assertThat(rollouts(follower))
                    .as("the way in the log, as the follower has it")
                    .containsExactly(
                            "structure.revised",
                            "structure.applied",
                            "structure.offered",
                            "structure.applied");
            for (Caller users : List.of(canaryUsers, otherUsers)) {
                assertThat(users.tallyUntil(Map.of("new", Caller.USERS)::equals))
                        .isEqualTo(Map.of("new", Caller.USERS));
            }
        }
    }

    private static void createRings(Replica replica) {
        RingPlan unused =
                RingPlanServiceGrpc.newBlockingStub(replica.shop().api().channel())
                        .createRingPlan(
                                CreateRingPlanRequest.newBuilder()
                                        .setRingPlanId("main")
                                        .setRingPlan(
                                                RingPlan.newBuilder()
                                                        .addRings(
                                                                ring("canary")
                                                                        .setMembers(
                                                                                RingPlan.Members
                                                                                        .newBuilder()
                                                                                        .addNodes(
                                                                                                "canary-*")))
                                                        .addRings(ring("rest")))
                                        .build());
    }

    private static RingPlan.Ring.Builder ring(String id) {
        return RingPlan.Ring.newBuilder()
                .setId(id)
                .setBake(Duration.newBuilder().setSeconds(1))
                .setDeadline(Duration.newBuilder().setSeconds(60));
    }

    /** Structure that can be seen: a route before the gate's. */
    private static void sendAllToNew(Replica replica) {
        replica.shop()
                .api()
                .createRoute(
                        "shop",
                        "a-first",
                        Route.newBuilder()
                                .setMatch(
                                        RouteMatch.newBuilder()
                                                .setPrefix("/")
                                                .addHeaders(
                                                        HeaderMatcher.newBuilder()
                                                                .setName("x-user")
                                                                .setPresentMatch(true)))
                                .setVersion("services/shop/versions/new")
                                .setOperationClass(OperationClass.READ)
                                .build());
    }

    private static Rollout rollout(Replica replica) {
        return RingPlanServiceGrpc.newBlockingStub(replica.shop().api().channel())
                .getRingPlan(GetRingPlanRequest.newBuilder().setName("ringPlans/main").build())
                .getRollout();
    }

    private static List<String> rollouts(Replica replica) {
        return EventServiceGrpc.newBlockingStub(replica.shop().api().channel())
                .listEvents(ListEventsRequest.newBuilder().setPageSize(1_000).build())
                .getEventsList()
                .stream()
                .map(event -> event.getKind())
                .filter(kind -> kind.startsWith("structure."))
                .toList();
    }
}
