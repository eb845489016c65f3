package dev.sluice.control.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.Principal;
import dev.sluice.control.orchestrate.NodeState;
import io.envoyproxy.envoy.admin.v3.ClientResourceStatus;
import io.envoyproxy.envoy.service.status.v3.ClientConfig;
import io.envoyproxy.envoy.service.status.v3.ClientConfig.GenericXdsConfig;
import io.envoyproxy.envoy.service.status.v3.ClientStatusDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.status.v3.ClientStatusRequest;
import io.envoyproxy.envoy.service.status.v3.ClientStatusResponse;
import io.envoyproxy.envoy.service.status.v3.ConfigStatus;
import io.envoyproxy.envoy.type.matcher.v3.NodeMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StructMatcher;
import io.grpc.Channel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientStatusIT {
    private static final String CLUSTERS = "type.googleapis.com/envoy.config.cluster.v3.Cluster";
    private static final String ROUTES =
            "type.googleapis.com/envoy.config.route.v3.RouteConfiguration";
    private static final String LISTENERS = "type.googleapis.com/envoy.config.listener.v3.Listener";

    @TempDir private Path folder;
    private AdminPlane plane;

    @BeforeEach
    void start() throws IOException {
        plane = new AdminPlane(folder);
        node("edge-1", "");
        node("edge-2", "no such cluster");
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    @Test
    void each_node_is_shown_with_what_it_was_sent_and_answered() {
        ClientStatusResponse all = fetch(ClientStatusRequest.getDefaultInstance());

        assertThat(all.getConfigList())
                .extracting(config -> config.getNode().getId())
                .containsExactly("edge-1", "edge-2");
        ClientConfig good = all.getConfig(0);
        assertThat(of(good, CLUSTERS))
                .returns(ConfigStatus.SYNCED, GenericXdsConfig::getConfigStatus)
                .returns(ClientResourceStatus.ACKED, GenericXdsConfig::getClientStatus)
                .returns("7-a", GenericXdsConfig::getVersionInfo);
        assertThat(of(good, ROUTES).getConfigStatus()).isEqualTo(ConfigStatus.STALE);
        assertThat(of(good, LISTENERS).getConfigStatus()).isEqualTo(ConfigStatus.NOT_SENT);
        GenericXdsConfig refused = of(all.getConfig(1), CLUSTERS);
        assertThat(refused.getConfigStatus()).isEqualTo(ConfigStatus.ERROR);
        assertThat(refused.getClientStatus()).isEqualTo(ClientResourceStatus.NACKED);
        assertThat(refused.getErrorState().getDetails()).isEqualTo("no such cluster");
        assertThat(refused.getErrorState().getVersionInfo()).isEqualTo("7-a");
    }

    @Test
    void a_gate_is_an_entry_of_its_own() {
        GenericXdsConfig gate =
                of(
                        fetch(ClientStatusRequest.getDefaultInstance()).getConfig(0),
                        "type.googleapis.com/sluice.gate.v1.Gate");

        assertThat(gate.getName()).isEqualTo("gates/orders");
        assertThat(gate.getVersionInfo()).contains("3");
        assertThat(gate.getConfigStatus()).as("a gate that is gone").isEqualTo(ConfigStatus.STALE);
    }

    @Test
    void nodes_are_chosen_by_id_and_what_cannot_be_matched_is_refused() {
        NodeMatcher second =
                NodeMatcher.newBuilder()
                        .setNodeId(StringMatcher.newBuilder().setSuffix("-2"))
                        .build();
        assertThat(fetch(asking(second)).getConfigList())
                .extracting(config -> config.getNode().getId())
                .containsExactly("edge-2");

        NodeMatcher byMetadata =
                second.toBuilder().addNodeMetadatas(StructMatcher.getDefaultInstance()).build();
        StatusRuntimeException refused =
                catchThrowableOfType(StatusRuntimeException.class, () -> fetch(asking(byMetadata)));
        assertThat(refused.getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(refused.getStatus().getDescription()).contains("node_metadatas");
    }

    @Test
    void nobody_is_told_without_a_token() {
        StatusRuntimeException refused =
                catchThrowableOfType(
                        StatusRuntimeException.class,
                        () -> fetch(plane.anonymous(), ClientStatusRequest.getDefaultInstance()));

        assertThat(refused.getStatus().getCode()).isEqualTo(Code.UNAUTHENTICATED);
    }

    private static ClientStatusRequest asking(NodeMatcher matcher) {
        return ClientStatusRequest.newBuilder().addNodeMatchers(matcher).build();
    }

    private ClientStatusResponse fetch(ClientStatusRequest request) {
        return fetch(plane.admin(), request);
    }

    private static ClientStatusResponse fetch(Channel channel, ClientStatusRequest request) {
        return ClientStatusDiscoveryServiceGrpc.newBlockingStub(channel).fetchClientStatus(request);
    }

    private static GenericXdsConfig of(ClientConfig config, String type) {
        return config.getGenericXdsConfigsList().stream()
                .filter(entry -> entry.getTypeUrl().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private void node(String id, String refusal) {
        NodeName name = NodeName.ofId(id).orThrow();
        var unused =
                plane.path()
                        .submit(
                                new Command.RegisterNode(Fixtures.node(id, "orders")),
                                CommandContext.of(Principal.NODES, Instant.now()))
                        .join();
        plane.reports.put(
                new NodeState(
                        name,
                        Instant.now(),
                        List.of(),
                        List.of(
                                type(CLUSTERS, "7-a", refusal.isEmpty() ? "7-a" : "", refusal),
                                type(ROUTES, "8-b", "7-a", ""),
                                type(LISTENERS, "", "", "")),
                        List.of(
                                new NodeState.GateReport(
                                        new GateName("orders"),
                                        Optional.of(new GateRevision(1, 3)),
                                        Optional.of(Instant.now()),
                                        0,
                                        Optional.empty()))));
    }

    private static NodeState.TypeReport type(
            String url, String sent, String accepted, String refusal) {
        return new NodeState.TypeReport(url, sent, accepted, refusal, List.of(), Optional.empty());
    }
}
