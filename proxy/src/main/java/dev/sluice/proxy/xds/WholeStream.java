package dev.sluice.proxy.xds;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.Channel;
import io.grpc.Status;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;

/** ADS in its state-of-the-world form. Owned by the configuration thread. */
final class WholeStream implements AdsStream {
    private final Node node;
    private final Listener listener;
    private final StreamCall<DiscoveryRequest, DiscoveryResponse> call;
    private final Map<ResourceKind, Subscription> subscriptions = new EnumMap<>(ResourceKind.class);
    private boolean introduced;

    /** What is asked of a kind, and what was accepted last. */
    private record Subscription(Set<String> names, String version, String nonce) {}

    WholeStream(Channel channel, Executor owner, Node node, Listener listener) {
        this.node = node;
        this.listener = listener;
        this.call = new StreamCall<>(owner, this::answered, listener::broken);
        var unused =
                AggregatedDiscoveryServiceGrpc.newStub(channel).streamAggregatedResources(call);
    }

    @Override
    public void want(ResourceKind kind, Set<String> names) {
        Subscription before = subscriptions.get(kind);
        if (before == null) {
            if (kind.isWildcard() || !names.isEmpty()) {
                ask(kind, new Subscription(names, "", ""));
            }
        } else if (!before.names().equals(names)) {
            ask(kind, new Subscription(names, before.version(), before.nonce()));
        }
    }

    private void ask(ResourceKind kind, Subscription subscription) {
        subscriptions.put(kind, subscription);
        send(kind, subscription, "");
    }

    private void answered(DiscoveryResponse response) {
        var kind = ResourceKind.of(response.getTypeUrl());
        if (kind.isEmpty() || !subscriptions.containsKey(kind.get())) {
            return;
        }
        List<Received> resources =
                response.getResourcesList().stream()
                        .map(content -> Received.ofWhole(content, response.getVersionInfo()))
                        .toList();
        Subscription before = subscriptions.get(kind.get());
        String refusal = listener.whole(kind.get(), response.getVersionInfo(), resources);
        Subscription next =
                new Subscription(
                        before.names(),
                        refusal.isEmpty() ? response.getVersionInfo() : before.version(),
                        response.getNonce());
        subscriptions.put(kind.get(), next);
        send(kind.get(), next, refusal);
    }

    private void send(ResourceKind kind, Subscription subscription, String refusal) {
        DiscoveryRequest.Builder request =
                DiscoveryRequest.newBuilder()
                        .setTypeUrl(kind.typeUrl())
                        .addAllResourceNames(subscription.names())
                        .setVersionInfo(subscription.version())
                        .setResponseNonce(subscription.nonce());
        if (!introduced) {
            introduced = true;
            request.setNode(node);
        }
        if (!refusal.isEmpty()) {
            request.setErrorDetail(
                    com.google.rpc.Status.newBuilder()
                            .setCode(Status.Code.INVALID_ARGUMENT.value())
                            .setMessage(refusal));
        }
        call.send(request.build());
    }

    @Override
    public void cancel() {
        call.cancel();
    }
}
