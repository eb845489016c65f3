package dev.sluice.control.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Duration;
import dev.sluice.admin.v1.CreateServiceRequest;
import dev.sluice.admin.v1.CreateSinkRequest;
import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.GateServiceGrpc;
import dev.sluice.admin.v1.GateServiceGrpc.GateServiceBlockingStub;
import dev.sluice.admin.v1.GetGateRequest;
import dev.sluice.admin.v1.GetOperationRequest;
import dev.sluice.admin.v1.KillGateRequest;
import dev.sluice.admin.v1.Node;
import dev.sluice.admin.v1.NodeServiceGrpc;
import dev.sluice.admin.v1.Operation;
import dev.sluice.admin.v1.OperationServiceGrpc;
import dev.sluice.admin.v1.OperationServiceGrpc.OperationServiceBlockingStub;
import dev.sluice.admin.v1.RollBackRequest;
import dev.sluice.admin.v1.Service;
import dev.sluice.admin.v1.ServiceServiceGrpc;
import dev.sluice.admin.v1.SetShareRequest;
import dev.sluice.admin.v1.Severity;
import dev.sluice.admin.v1.Sink;
import dev.sluice.admin.v1.SinkServiceGrpc;
import dev.sluice.admin.v1.WatchNodesRequest;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Node.Presence;
import dev.sluice.control.change.Event;
import dev.sluice.control.notify.HookServer;
import dev.sluice.control.outward.Origins;
import dev.sluice.control.outward.Secrets;
import dev.sluice.control.outward.Trust;
import dev.sluice.control.snapshot.CompiledGates;
import dev.sluice.control.store.LogReader;
import dev.sluice.control.store.PostgresServer;
import dev.sluice.control.xds.Nodes;
import dev.sluice.evidence.v1.AppliedGate;
import dev.sluice.evidence.v1.EvidenceReceipt;
import dev.sluice.evidence.v1.EvidenceReport;
import dev.sluice.evidence.v1.EvidenceServiceGrpc;
import dev.sluice.gate.v1.GateDiscoveryServiceGrpc;
import dev.sluice.gate.v1.GateRevision;
import dev.sluice.replica.v1.Caller;
import dev.sluice.replica.v1.FollowRequest;
import dev.sluice.replica.v1.ReplicaServiceGrpc;
import dev.sluice.testkit.Patience;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.status.v3.ClientConfig.GenericXdsConfig;
import io.envoyproxy.envoy.service.status.v3.ClientStatusDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.status.v3.ClientStatusRequest;
import io.envoyproxy.envoy.service.status.v3.ClientStatusResponse;
import io.envoyproxy.envoy.service.status.v3.ConfigStatus;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two control planes on one PostgreSQL, each reaching it by a connection that can be cut. */
class ReplicasIT {
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
    void a_follower_has_what_the_leader_committed_under_the_same_versions() {
        leader.createOrders(0);
        gates(leader).setShare(share(leader, 250_000));

        long seq = leader.catalog().seq();
        follower.await("the leader's log", catalog -> catalog.seq() >= seq);

        assertThat(follower.catalog().head()).isEqualTo(leader.catalog().head());
        assertThat(version(follower.catalog())).isEqualTo(version(leader.catalog()));
    }

    @Test
    void a_command_to_a_follower_is_done_by_the_leader_for_the_same_caller() {
        follower.createOrders(0);

        Gate changed = gates(follower).setShare(share(leader, 250_000));

        assertThat(changed.getSharePpm()).isEqualTo(250_000);
        assertThat(leader.gate().content().share().value()).isEqualTo(250_000);
        assertThat(gates(follower).getGate(orders()).getSharePpm())
                .as("read by who has just written it")
                .isEqualTo(250_000);
        StatusRuntimeException stale =
                catchThrowableOfType(
                        StatusRuntimeException.class,
                        () ->
                                gates(follower)
                                        .setShare(
                                                SetShareRequest.newBuilder()
                                                        .setName("gates/orders")
                                                        .setEtag("0123456789abcdef")
                                                        .setSharePpm(1)
                                                        .build()));
        assertThat(stale.getStatus().getCode()).isEqualTo(Code.ABORTED);
        assertThat(stale.getTrailers()).as("the details of the refusal").isNotNull();
    }

    @Test
    void a_node_of_a_follower_counts_at_the_leader_with_what_it_applied() {
        leader.createOrders(250_000);
        follower.await("the gate", catalog -> catalog.gate(Replica.ORDERS).isPresent());

        StreamObserver<DeltaDiscoveryRequest> gates = connect(follower, "node-1");
        leader.await("the node in the log", catalog -> catalog.nodes().iterator().hasNext());
        StreamObserver<EvidenceReport> evidence = report(follower);
        Iterator<Node> changes =
                NodeServiceGrpc.newBlockingStub(leader.admin())
                        .withDeadlineAfter(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)
                        .watchNodes(WatchNodesRequest.getDefaultInstance());
        evidence.onNext(applied(leader.gate().revision().number()));
        Node seen = untilApplied(changes);
        assertThat(seen.getNodeId()).isEqualTo("node-1");
        assertThat(seen.getGates(0).getRevision().getNumber()).isEqualTo(1);

        gates.onCompleted();
        leader.await(
                "that the node was lost",
                catalog ->
                        catalog.nodes().stream()
                                .noneMatch(node -> node.presence() == Presence.CONNECTED));
        evidence.onCompleted();
    }

    @Test
    void a_follower_shows_what_the_nodes_of_all_replicas_report()
            throws IOException, InterruptedException {
        leader.createOrders(250_000);
        StreamObserver<DeltaDiscoveryRequest> gates = connect(leader, "node-1");
        follower.await("the node in the log", catalog -> !catalog.nodes().isEmpty());
        StreamObserver<EvidenceReport> evidence = report(leader);
        evidence.onNext(applied(leader.gate().revision().number()));
        Node unused =
                untilApplied(
                        NodeServiceGrpc.newBlockingStub(follower.admin())
                                .withDeadlineAfter(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)
                                .watchNodes(WatchNodesRequest.getDefaultInstance()));

        assertThat(follower.status())
                .contains("\"ofAllNodes\":true")
                .contains("\"nodes\":1,\"applied\":1");
        var first = new CompletableFuture<ClientStatusResponse>();
        StreamObserver<ClientStatusRequest> statuses = clientStatus(follower, first);
        statuses.onNext(ClientStatusRequest.getDefaultInstance());
        assertThat(Patience.await(first, "the status of clients").getConfig(0))
                .satisfies(client -> {
                    assertThat(client.getNode().getId()).isEqualTo("node-1");
                    assertThat(client.getGenericXdsConfigsList())
                            .filteredOn(config -> config.getName().equals("gates/orders"))
                            .singleElement()
                            .extracting(GenericXdsConfig::getConfigStatus)
                            .isEqualTo(ConfigStatus.SYNCED);
                });

        statuses.onCompleted();
        evidence.onCompleted();
        gates.onCompleted();
    }

    @Test
    void metrics_of_a_follower_tell_its_role_and_nothing_of_what_it_does_not_know()
            throws IOException, InterruptedException {
        leader.createOrders(250_000);
        StreamObserver<DeltaDiscoveryRequest> gates = connect(follower, "node-1");
        leader.await("the node in the log", catalog -> !catalog.nodes().isEmpty());
        long seq = leader.catalog().seq();
        follower.await("the same", catalog -> catalog.seq() >= seq);

        assertThat(leader.web("/metrics"))
                .contains(
                        "sluice_control_leads 1",
                        "sluice_control_nodes_served 0",
                        "sluice_gate_nodes{gate=\"gates/orders\"}");
        assertThat(follower.web("/metrics"))
                .contains(
                        "sluice_control_leads 0",
                        "sluice_control_hears_leader 1",
                        "sluice_control_log_behind ",
                        "sluice_control_nodes_served 1",
                        "sluice_gate_share_ratio{gate=\"gates/orders\"} 0.25")
                .doesNotContain("sluice_gate_nodes", "sluice_gate_arm");

        leader.plane.close();
        Patience.await(follower.plane.leading(), "that the follower leads");
        assertThat(follower.web("/metrics"))
                .contains("sluice_control_leads 1", "sluice_gate_nodes{gate=\"gates/orders\"}");
        gates.onCompleted();
    }

    private static Node untilApplied(Iterator<Node> changes) {
        Node seen = changes.next();
        while (seen.getGatesCount() == 0 || !seen.getGates(0).hasAppliedTime()) {
            seen = changes.next();
        }
        return seen;
    }

    private static StreamObserver<ClientStatusRequest> clientStatus(
            Replica replica, CompletableFuture<ClientStatusResponse> first) {
        return ClientStatusDiscoveryServiceGrpc.newStub(replica.admin())
                .streamClientStatus(
                        new StreamObserver<>() {
                            @Override
                            public void onNext(ClientStatusResponse response) {
                                first.complete(response);
                            }

                            @Override
                            public void onError(Throwable broken) {
                                first.completeExceptionally(broken);
                            }

                            @Override
                            public void onCompleted() {}
                        });
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

    @Test
    void only_a_replica_may_follow_and_only_a_replica_calls_for_others() {
        StatusRuntimeException refused =
                catchThrowableOfType(
                        StatusRuntimeException.class,
                        () ->
                                ClientCalls.blockingServerStreamingCall(
                                                leader.admin(),
                                                ReplicaServiceGrpc.getFollowMethod(),
                                                CallOptions.DEFAULT,
                                                FollowRequest.getDefaultInstance())
                                        .next());
        assertThat(refused.getStatus().getCode()).isEqualTo(Code.PERMISSION_DENIED);

        var headers = new Metadata();
        headers.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer guess");
        headers.put(
                Metadata.Key.of("sluice-on-behalf-of-bin", Metadata.BINARY_BYTE_MARSHALLER),
                Caller.newBuilder()
                        .setPrincipal("admin")
                        .setAuthMethod("TOKEN")
                        .addRoles("ADMIN")
                        .build()
                        .toByteArray());
        var guessing = MetadataUtils.newAttachHeadersInterceptor(headers);
        StatusRuntimeException unknown =
                catchThrowableOfType(
                        StatusRuntimeException.class,
                        () ->
                                GateServiceGrpc.newBlockingStub(leader.anonymous())
                                        .withInterceptors(guessing)
                                        .getGate(orders()));
        assertThat(unknown.getStatus().getCode()).isEqualTo(Code.UNAUTHENTICATED);
    }

    private static void kill(Replica at) {
        var unused =
                gates(at)
                        .killGate(
                                KillGateRequest.newBuilder()
                                        .setName("gates/orders")
                                        .setReason("smoke")
                                        .build());
    }

    private static GateServiceBlockingStub gates(Replica replica) {
        return GateServiceGrpc.newBlockingStub(replica.admin());
    }

    private static GetGateRequest orders() {
        return GetGateRequest.newBuilder().setName("gates/orders").build();
    }

    private static SetShareRequest share(Replica from, int ppm) {
        return SetShareRequest.newBuilder()
                .setName("gates/orders")
                .setEtag(from.gate().meta().etag())
                .setSharePpm(ppm)
                .build();
    }

    private static StatusRuntimeException refusedShare(Replica replica, int ppm) {
        StatusRuntimeException refused =
                catchThrowableOfType(
                        StatusRuntimeException.class,
                        () -> gates(replica).setShare(share(replica, ppm)));
        assertThat(refused).as("a refusal").isNotNull();
        return refused;
    }

    private static String version(Catalog catalog) {
        return Optional.ofNullable(CompiledGates.NONE.next(catalog).compiled().get(Replica.ORDERS))
                .orElseThrow()
                .resource()
                .version();
    }

    private static StreamObserver<DeltaDiscoveryRequest> connect(Replica replica, String id) {
        return connect(replica, id, new CompletableFuture<>());
    }

    private static StreamObserver<DeltaDiscoveryRequest> connect(
            Replica replica, String id, CompletableFuture<DeltaDiscoveryResponse> first) {
        return subscribe(
                replica,
                id,
                response -> {
                    first.complete(response);
                });
    }

    private static StreamObserver<DeltaDiscoveryRequest> connectToHearOfKill(
            Replica replica, CompletableFuture<DeltaDiscoveryResponse> killed) {
        var has = new CompletableFuture<Void>();
        StreamObserver<DeltaDiscoveryRequest> stream =
                subscribe(
                        replica,
                        "node-3",
                        response -> {
                            if (has.isDone()) {
                                killed.complete(response);
                            }
                            has.complete(null);
                        });
        Patience.await(has, "the gate before the kill");
        return stream;
    }

    private static StreamObserver<DeltaDiscoveryRequest> subscribe(
            Replica replica, String id, Consumer<DeltaDiscoveryResponse> heard) {
        StreamObserver<DeltaDiscoveryRequest> stream =
                GateDiscoveryServiceGrpc.newStub(replica.nodes())
                        .deltaGates(
                                new StreamObserver<>() {
                                    @Override
                                    public void onNext(DeltaDiscoveryResponse response) {
                                        heard.accept(response);
                                    }

                                    @Override
                                    public void onError(Throwable broken) {}

                                    @Override
                                    public void onCompleted() {}
                                });
        stream.onNext(
                DeltaDiscoveryRequest.newBuilder()
                        .setNode(Nodes.sluice(id, 1))
                        .addResourceNamesSubscribe("gates/orders")
                        .build());
        return stream;
    }

    private static StreamObserver<EvidenceReport> report(Replica replica) {
        return EvidenceServiceGrpc.newStub(replica.nodes())
                .streamEvidence(
                        new StreamObserver<>() {
                            @Override
                            public void onNext(EvidenceReceipt receipt) {}

                            @Override
                            public void onError(Throwable broken) {}

                            @Override
                            public void onCompleted() {}
                        });
    }

    private static EvidenceReport applied(long number) {
        return EvidenceReport.newBuilder()
                .setNodeId("node-1")
                .setBootId("0a".repeat(16))
                .setSequence(1)
                .addApplied(
                        AppliedGate.newBuilder()
                                .setGate("gates/orders")
                                .setRevision(
                                        GateRevision.newBuilder().setEpoch(1).setNumber(number)))
                .build();
    }
}
