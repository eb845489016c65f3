package dev.sluice.control.boot;

import static dev.sluice.control.boot.ReplicaGates.gates;
import static dev.sluice.control.boot.ReplicaGates.kill;
import static dev.sluice.control.boot.ReplicaGates.orders;
import static dev.sluice.control.boot.ReplicaGates.refusedShare;
import static dev.sluice.control.boot.ReplicaGates.share;
import static dev.sluice.control.boot.ReplicaNodes.connect;
import static dev.sluice.control.boot.ReplicaNodes.connectToHearOfKill;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.sluice.admin.v1.CreateServiceRequest;
import dev.sluice.admin.v1.CreateSinkRequest;
import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.GetOperationRequest;
import dev.sluice.admin.v1.Operation;
import dev.sluice.admin.v1.OperationServiceGrpc;
import dev.sluice.admin.v1.OperationServiceGrpc.OperationServiceBlockingStub;
import dev.sluice.admin.v1.RollBackRequest;
import dev.sluice.admin.v1.Service;
import dev.sluice.admin.v1.ServiceServiceGrpc;
import dev.sluice.admin.v1.Severity;
import dev.sluice.admin.v1.Sink;
import dev.sluice.admin.v1.SinkServiceGrpc;
import dev.sluice.control.change.Event;
import dev.sluice.control.notify.HookServer;
import dev.sluice.control.outward.Origins;
import dev.sluice.control.outward.Secrets;
import dev.sluice.control.outward.Trust;
import dev.sluice.control.store.LogReader;
import dev.sluice.control.store.PostgresServer;
import dev.sluice.testkit.Patience;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What goes on when the leader or the database is lost; two control planes on one PostgreSQL, each
 * reaching it by a connection that can be cut.
 */
class LostReplicasIT {
    private static PostgresServer server;
    @TempDir private Path folder;
    private Replica leader;
    private Replica follower;
    private HookServer hook;

    @BeforeAll
    static void startDatabase() throws IOException {
        server = PostgresServer.start();
    }

    @AfterAll
    static void stopDatabase() throws IOException {
        server.close();
    }

    @BeforeEach
    void start() throws IOException, SQLException {
        server.reset();
        hook = new HookServer(204);
        Outward outward =
                new Outward(
                        Origins.parse("--notify-allow", List.of(hook.origin())).orThrow(),
                        Secrets.NONE,
                        Trust.ofSystem(),
                        "urn:test");
        leader = Replica.start(folder.resolve("a"), server.port(), outward);
        follower = Replica.start(folder.resolve("b"), server.port(), outward);
        assertThat(leader.plane.leads()).isTrue();
        assertThat(follower.plane.leads()).isFalse();
    }

    @AfterEach
    void stop() throws IOException {
        follower.close();
        leader.close();
        hook.close();
    }

    @Test
    void only_the_leader_tells_sinks_and_the_next_one_goes_on() {
        var sink =
                Sink.newBuilder()
                        .setWebhook(Sink.Webhook.newBuilder().setUrl(hook.origin()))
                        .setSelector(
                                Sink.Selector.newBuilder()
                                        .addSubjects("services/*")
                                        .setSeverity(Severity.INFO));
        var unused =
                SinkServiceGrpc.newBlockingStub(follower.admin())
                        .createSink(
                                CreateSinkRequest.newBuilder()
                                        .setSinkId("s")
                                        .setSink(sink)
                                        .build());
        List<String> services = List.of("a", "b", "c", "d");
        for (String service : services) {
            createService(follower, service);
            hook.got().next("of " + service, got -> got.body().contains("services/" + service));
        }
        assertThat(hook.got().received()).as("each told once").hasSameSizeAs(services);

        leader.plane.close();
        Patience.await(follower.plane.leading(), "that the follower leads");
        createService(follower, "e");
        hook.got().next("of what came later", got -> got.body().contains("services/e"));
    }

    private static void createService(Replica replica, String id) {
        var unused =
                ServiceServiceGrpc.newBlockingStub(replica.admin())
                        .createService(
                                CreateServiceRequest.newBuilder()
                                        .setServiceId(id)
                                        .setService(Service.newBuilder().setOwner("team"))
                                        .build());
    }

    @Test
    void a_leader_that_stops_is_followed_at_once_under_a_higher_epoch() throws IOException {
        leader.createOrders(250_000);
        long epoch = leader.catalog().epoch();

        leader.plane.close();
        Patience.await(follower.plane.leading(), "that the follower leads");
        Gate changed = gates(follower).setShare(share(follower, 300_000));

        assertThat(changed.getRevision().getEpoch()).isEqualTo(epoch + 1);
        assertThat(follower.catalog().epoch()).isEqualTo(epoch + 1);
    }

    @Test
    void a_rollback_in_steps_goes_on_with_the_next_leader_and_is_told_the_same()
            throws IOException {
        leader.createOrders(250_000);
        OperationServiceBlockingStub operations =
                OperationServiceGrpc.newBlockingStub(follower.admin());
        Operation begun =
                operations.rollBack(
                        RollBackRequest.newBuilder()
                                .setTarget("gates/orders")
                                .addSharesPpm(100_000)
                                .addSharesPpm(50_000)
                                .setDwell(Duration.newBuilder().setSeconds(1))
                                .setReason("cold caches")
                                .build());
        assertThat(begun.getMetadata().getProgress()).isEqualTo(1);
        follower.await(
                "its beginning",
                catalog -> catalog.operations().stream().anyMatch(it -> it.steps() > 0));

        leader.plane.close();
        Patience.await(follower.plane.leading(), "that the follower leads");
        follower.await(
                "its end",
                catalog -> catalog.operations().stream().noneMatch(it -> it.isRunning()));

        GetOperationRequest name =
                GetOperationRequest.newBuilder().setName(begun.getName()).build();
        assertThat(operations.getOperation(name).getRolledBack().getSharesPpmList())
                .containsExactly(100_000, 50_000, 0);
        assertThat(follower.gate().content().share().isNone()).isTrue();
        assertThat(follower.gate().revision().number())
                .as("no step twice: one revision when it was created, and one for each share")
                .isEqualTo(4);
    }

    @Test
    void a_leader_that_was_cut_off_returns_as_a_follower_and_has_changed_nothing() {
        leader.createOrders(250_000);
        leader.database.cut();
        Patience.await(follower.plane.leading(), "that the follower leads");
        gates(follower).setShare(share(follower, 300_000));

        StatusRuntimeException refused = refusedShare(leader, 900_000);
        leader.database.heal();

        assertThat(refused.getStatus().getCode()).isEqualTo(Code.UNAVAILABLE);
        leader.await(
                "what the other did",
                catalog ->
                        catalog.gate(Replica.ORDERS).orElseThrow().content().share().value()
                                == 300_000);
        follower.await("itself", catalog -> catalog.head().equals(leader.catalog().head()));
    }

    @Test
    void without_a_database_nodes_are_served_kills_work_and_nothing_is_lost() {
        leader.createOrders(250_000);
        follower.await("the gate", catalog -> catalog.gate(Replica.ORDERS).isPresent());
        long before = leader.catalog().seq();
        leader.database.cut();
        follower.database.cut();

        StatusRuntimeException refused = refusedShare(leader, 900_000);
        assertThat(refused.getStatus().getCode()).isEqualTo(Code.UNAVAILABLE);
        var served = new CompletableFuture<DeltaDiscoveryResponse>();
        StreamObserver<DeltaDiscoveryRequest> node = connect(follower, "node-2", served);
        assertThat(Patience.await(served, "the gate").getResourcesCount()).isEqualTo(1);
        var killed = new CompletableFuture<DeltaDiscoveryResponse>();
        StreamObserver<DeltaDiscoveryRequest> other = connectToHearOfKill(follower, killed);
        kill(follower);
        Patience.await(killed, "the kill at a node of the follower");
        assertThat(leader.catalog().seq()).as("recorded by now").isEqualTo(before);

        follower.database.heal();
        leader.database.heal();

        for (Replica replica : new Replica[] {leader, follower}) {
            replica.await(
                    "the kill in the log",
                    catalog ->
                            catalog.gate(Replica.ORDERS)
                                    .orElseThrow()
                                    .content()
                                    .kill()
                                    .isPresent());
        }
        try (LogReader log = LogReader.open(server.address())) {
            assertThat(log.read(before + 1, 100))
                    .filteredOn(event -> event.event() instanceof Event.KillPublished)
                    .hasSize(1);
        }
        node.onCompleted();
        other.onCompleted();
    }

    @Test
    void a_kill_at_a_follower_that_is_all_alone_is_out_and_is_recorded_once_it_can_be()
            throws IOException, InterruptedException {
        leader.createOrders(250_000);
        follower.await("the gate", catalog -> catalog.gate(Replica.ORDERS).isPresent());
        var killed = new CompletableFuture<DeltaDiscoveryResponse>();
        StreamObserver<DeltaDiscoveryRequest> node = connectToHearOfKill(follower, killed);
        follower.database.cut();
        leader.plane.close();

        kill(follower);
        Patience.await(killed, "the kill at a node of the follower");
        assertThat(follower.gate().content().kill()).as("in the log by now").isEmpty();
        assertThat(refusedShare(follower, 300_000).getStatus().getCode())
                .isEqualTo(Code.UNAVAILABLE);
        assertThat(gates(follower).getGate(orders()).getName())
                .as("read from what the follower knows")
                .isEqualTo("gates/orders");
        assertThat(follower.status()).contains("\"ofAllNodes\":false").contains("gates/orders");

        follower.database.heal();
        Patience.await(follower.plane.leading(), "that the follower leads");
        follower.await(
                "the kill in the log",
                catalog -> catalog.gate(Replica.ORDERS).orElseThrow().content().kill().isPresent());
        node.onCompleted();
    }
}
