package dev.sluice.control.xds;

import static dev.sluice.control.snapshot.ResourceType.CLUSTER;
import static dev.sluice.control.snapshot.ResourceType.LISTENER;
import static dev.sluice.control.snapshot.ResourceType.ROUTE;

import com.google.protobuf.Message;
import com.google.rpc.Status;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.snapshot.ResourceType;
import dev.sluice.control.snapshot.Shop;
import dev.sluice.control.xds.structure.OpenWatch;
import dev.sluice.control.xds.structure.StructureStream;
import io.envoyproxy.controlplane.cache.Response;
import io.envoyproxy.controlplane.cache.Watch;
import io.envoyproxy.controlplane.cache.XdsRequest;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A stock proxy of the service {@code web} that answers when it is told to. Which structure it has
 * is told by the connect timeout of the cluster {@link Shop#V2}. Owned by one thread.
 */
final class RingNode {
    private final NodeSpec spec;
    private final NodeLedger ledger;
    private final Deque<Sent> waiting = new ArrayDeque<>();
    private final Map<ResourceType, Runnable> cancels = new EnumMap<>(ResourceType.class);
    private final Map<ResourceType, String> versions = new EnumMap<>(ResourceType.class);
    private final List<Integer> sentMillis = new ArrayList<>();
    private StructureStream stream = new StructureStream();
    private Optional<NodeLedger.Connection> connection = Optional.empty();
    private int nonces;
    private int heldMillis;
    private int weight = -1;

    /** A response that is not answered. */
    private record Sent(ResourceType type, String nonce, String version, List<Message> resources) {}

    RingNode(NodeSpec spec, NodeLedger ledger) {
        this.spec = spec;
        this.ledger = ledger;
    }

    NodeSpec spec() {
        return spec;
    }

    boolean isConnected() {
        return connection.isPresent();
    }

    void connect() {
        stream = new StructureStream();
        cancels.clear();
        waiting.clear();
        connection = Optional.of(ledger.connected(spec, stream));
        ask(CLUSTER, "", Optional.empty());
        ask(LISTENER, "", Optional.empty());
        ask(ROUTE, "", Optional.empty());
    }

    void disconnect() {
        connection.ifPresent(ledger::disconnected);
        connection = Optional.empty();
    }

    boolean hasNews() {
        return !waiting.isEmpty();
    }

    /** Takes the oldest response that is not answered. */
    void accept() {
        Sent sent = next();
        versions.put(sent.type(), sent.version());
        timeout(sent.resources()).ifPresent(millis -> heldMillis = millis);
        weight(sent.resources()).ifPresent(ppm -> weight = ppm);
        answer(sent, Optional.empty());
    }

    void refuse(String why) {
        answer(next(), Optional.of(why));
    }

    private Sent next() {
        Sent sent = waiting.remove();
        stream.sent(sent.type().typeUrl(), sent.nonce());
        return sent;
    }

    void settle() {
        while (hasNews()) {
            accept();
        }
    }

    /** Of the cluster that it has, milliseconds; 0 when it has none. */
    int heldMillis() {
        return heldMillis;
    }

    /** Weight of the new version in the routes that it has, parts per million; -1 for none. */
    int weight() {
        return weight;
    }

    /** Timeouts of the clusters that it was sent since this was asked last. */
    List<Integer> takeSent() {
        List<Integer> taken = List.copyOf(sentMillis);
        sentMillis.clear();
        return taken;
    }

    private void answer(Sent sent, Optional<String> refusal) {
        ask(sent.type(), sent.nonce(), refusal);
    }

    private void ask(ResourceType type, String nonce, Optional<String> refusal) {
        DiscoveryRequest.Builder request =
                DiscoveryRequest.newBuilder()
                        .setTypeUrl(type.typeUrl())
                        .setResponseNonce(nonce)
                        .setVersionInfo(versions.getOrDefault(type, ""));
        if (type == ROUTE) {
            request.addResourceNames(Shop.OUTBOUND);
        }
        refusal.ifPresent(
                why -> request.setErrorDetail(Status.newBuilder().setCode(3).setMessage(why)));
        stream.requested(request.build());
        cancels.getOrDefault(type, () -> {}).run();
        Watch watch =
                new Watch(
                        true,
                        false,
                        XdsRequest.create(request.build()),
                        response -> took(type, response));
        cancels.put(type, watch::cancel);
        stream.open(type, new OpenWatch.Whole(watch));
    }

    private void took(ResourceType type, Response response) {
        List<Message> resources = List.copyOf(response.resources());
        timeout(resources).ifPresent(sentMillis::add);
        String nonce = spec.name().nodeId() + "/" + ++nonces;
        waiting.add(new Sent(type, nonce, response.version(), resources));
    }

    private static Optional<Integer> timeout(Collection<Message> resources) {
        return resources.stream()
                .filter(Cluster.class::isInstance)
                .map(Cluster.class::cast)
                .filter(cluster -> cluster.getName().equals(Shop.V2))
                .map(cluster ->
                        (int) (cluster.getConnectTimeout().getSeconds() * 1_000)
                                + cluster.getConnectTimeout().getNanos() / 1_000_000)
                .findFirst();
    }

    private static Optional<Integer> weight(Collection<Message> resources) {
        return resources.stream()
                .filter(RouteConfiguration.class::isInstance)
                .map(RouteConfiguration.class::cast)
                .flatMap(table -> table.getVirtualHostsList().stream())
                .flatMap(host -> host.getRoutesList().stream())
                .flatMap(route -> route.getRoute().getWeightedClusters().getClustersList().stream())
                .filter(cluster -> cluster.getName().equals(Shop.V2))
                .map(cluster -> cluster.getWeight().getValue())
                .findFirst();
    }
}
