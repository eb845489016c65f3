package dev.sluice.control.boot;

import static dev.sluice.control.boot.ReplicaGates.gates;
import static dev.sluice.control.boot.ReplicaGates.orders;
import static dev.sluice.control.boot.ReplicaGates.share;
import static dev.sluice.control.boot.ReplicaNodes.applied;
import static dev.sluice.control.boot.ReplicaNodes.connect;
import static dev.sluice.control.boot.ReplicaNodes.report;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.GateServiceGrpc;
import dev.sluice.admin.v1.Node;
import dev.sluice.admin.v1.NodeServiceGrpc;
import dev.sluice.admin.v1.SetShareRequest;
import dev.sluice.admin.v1.WatchNodesRequest;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Node.Presence;
import dev.sluice.control.snapshot.CompiledGates;
import dev.sluice.control.store.PostgresServer;
import dev.sluice.evidence.v1.EvidenceReport;
import dev.sluice.replica.v1.Caller;
import dev.sluice.replica.v1.FollowRequest;
import dev.sluice.replica.v1.ReplicaServiceGrpc;
import dev.sluice.testkit.Patience;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a follower serves and hands on; two control planes on one PostgreSQL. */
class ReplicasIT {
    private static PostgresServer server;
    @TempDir private Path folder;
    private Replica leader;
    private Replica follower;

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
        leader = Replica.start(folder.resolve("a"), server.port());
        follower = Replica.start(folder.resolve("b"), server.port());
        assertThat(leader.plane.leads()).isTrue();
        assertThat(follower.plane.leads()).isFalse();
    }

    @AfterEach
    void stop() throws IOException {
        follower.close();
        leader.close();
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

    private static String version(Catalog catalog) {
        return Optional.ofNullable(CompiledGates.NONE.next(catalog).compiled().get(Replica.ORDERS))
                .orElseThrow()
                .resource()
                .version();
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
}
