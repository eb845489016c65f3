package dev.sluice.control.admin.structure;

import dev.sluice.contract.Problems;
import dev.sluice.contract.match.MatcherParser;
import dev.sluice.contract.match.StringMatcher;
import dev.sluice.control.admin.desk.Desk;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Node;
import dev.sluice.control.orchestrate.NodeState;
import dev.sluice.control.orchestrate.NodeStates;
import io.envoyproxy.envoy.admin.v3.ClientResourceStatus;
import io.envoyproxy.envoy.admin.v3.UpdateFailureState;
import io.envoyproxy.envoy.service.status.v3.ClientConfig;
import io.envoyproxy.envoy.service.status.v3.ClientConfig.GenericXdsConfig;
import io.envoyproxy.envoy.service.status.v3.ClientStatusDiscoveryServiceGrpc.ClientStatusDiscoveryServiceImplBase;
import io.envoyproxy.envoy.service.status.v3.ClientStatusRequest;
import io.envoyproxy.envoy.service.status.v3.ClientStatusResponse;
import io.envoyproxy.envoy.service.status.v3.ConfigStatus;
import io.envoyproxy.envoy.type.matcher.v3.NodeMatcher;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Envoy's client status discovery service: of each node, what it was sent and what it answered. One
 * entry for each resource type, without a name, and one for each gate; contents are not kept, so
 * none are shown. Thread-safe.
 */
public final class ClientStatusApi extends ClientStatusDiscoveryServiceImplBase {
    private static final String GATE = "type.googleapis.com/sluice.gate.v1.Gate";

    private final Desk desk;
    private final NodeStates nodeStates;

    public ClientStatusApi(Desk desk, NodeStates nodeStates) {
        this.desk = desk;
        this.nodeStates = nodeStates;
    }

    @Override
    public void fetchClientStatus(
            ClientStatusRequest request, StreamObserver<ClientStatusResponse> observer) {
        Desk.done(answer(request), observer);
    }

    /** Answers each request as {@link #fetchClientStatus} does. */
    @Override
    public StreamObserver<ClientStatusRequest> streamClientStatus(
            StreamObserver<ClientStatusResponse> observer) {
        return new StreamObserver<>() {
            private boolean refused;

            @Override
            public void onNext(ClientStatusRequest request) {
                if (refused) {
                    return;
                }
                try {
                    observer.onNext(answer(request));
                } catch (StatusRuntimeException refusal) {
                    refused = true;
                    observer.onError(refusal);
                }
            }

            @Override
            public void onError(Throwable broken) {}

            @Override
            public void onCompleted() {
                if (!refused) {
                    observer.onCompleted();
                }
            }
        };
    }

    private ClientStatusResponse answer(ClientStatusRequest request) {
        List<StringMatcher> wanted = matchers(request);
        Catalog catalog = desk.now();
        ClientStatusResponse.Builder answer = ClientStatusResponse.newBuilder();
        for (Node node : catalog.nodes()) {
            String id = node.name().id();
            if (wanted.isEmpty() || wanted.stream().anyMatch(matcher -> matcher.matches(id))) {
                answer.addConfig(config(node, nodeStates.node(node.name()), catalog));
            }
        }
        return answer.build();
    }

    /** Node ids that are asked for; none asks for all. */
    private static List<StringMatcher> matchers(ClientStatusRequest request) {
        Problems problems = Problems.root();
        List<StringMatcher> matchers = new ArrayList<>();
        for (int i = 0; i < request.getNodeMatchersCount(); i++) {
            NodeMatcher matcher = request.getNodeMatchers(i);
            Problems at = problems.field("node_matchers").index(i);
            if (matcher.getNodeMetadatasCount() > 0) {
                at.field("node_metadatas")
                        .add(
                                matcher.getNodeMetadatasCount() + " matchers",
                                "none",
                                "match nodes by node_id");
            }
            MatcherParser.string(matcher.getNodeId(), at.field("node_id")).ifPresent(matchers::add);
        }
        Desk.refuseIfAny(problems.all());
        return matchers;
    }

    private static ClientConfig config(Node node, Optional<NodeState> state, Catalog catalog) {
        ClientConfig.Builder config =
                ClientConfig.newBuilder()
                        .setNode(
                                io.envoyproxy.envoy.config.core.v3.Node.newBuilder()
                                        .setId(node.name().id())
                                        .setCluster(node.spec().cluster())
                                        .setUserAgentName(node.spec().userAgent()));
        state.ifPresent(known -> {
            known.types().forEach(type -> config.addGenericXdsConfigs(type(type)));
            known.gates().forEach(gate -> config.addGenericXdsConfigs(gate(gate, catalog)));
        });
        return config.build();
    }

    private static GenericXdsConfig type(NodeState.TypeReport type) {
        boolean isSent = !type.sentVersion().isEmpty();
        boolean isSynced = isSent && type.sentVersion().equals(type.ackedVersion());
        GenericXdsConfig.Builder config =
                GenericXdsConfig.newBuilder()
                        .setTypeUrl(type.typeUrl())
                        .setVersionInfo(type.ackedVersion());
        if (!type.nack().isEmpty()) {
            return refused(config, type.nack(), type.sentVersion());
        }
        return with(
                config,
                isSynced
                        ? ConfigStatus.SYNCED
                        : isSent ? ConfigStatus.STALE : ConfigStatus.NOT_SENT,
                isSynced ? ClientResourceStatus.ACKED : ClientResourceStatus.REQUESTED);
    }

    private static GenericXdsConfig gate(NodeState.GateReport gate, Catalog catalog) {
        GenericXdsConfig.Builder config =
                GenericXdsConfig.newBuilder()
                        .setTypeUrl(GATE)
                        .setName(gate.gate().name())
                        .setVersionInfo(gate.applied().map(Object::toString).orElse(""));
        if (gate.refusal().isPresent()) {
            String offered =
                    catalog.gate(gate.gate()).map(now -> now.revision().toString()).orElse("");
            return refused(config, gate.refusal().get(), offered);
        }
        boolean isSynced =
                catalog.gate(gate.gate())
                        .filter(now -> gate.hasApplied(now.revision()))
                        .isPresent();
        return with(
                config,
                isSynced ? ConfigStatus.SYNCED : ConfigStatus.STALE,
                isSynced ? ClientResourceStatus.ACKED : ClientResourceStatus.REQUESTED);
    }

    private static GenericXdsConfig refused(
            GenericXdsConfig.Builder config, String why, String version) {
        config.setErrorState(
                UpdateFailureState.newBuilder().setDetails(why).setVersionInfo(version));
        return with(config, ConfigStatus.ERROR, ClientResourceStatus.NACKED);
    }

    private static GenericXdsConfig with(
            GenericXdsConfig.Builder config, ConfigStatus status, ClientResourceStatus client) {
        return config.setConfigStatus(status).setClientStatus(client).build();
    }
}
