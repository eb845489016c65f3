package dev.sluice.proxy.xds;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.grpc.Channel;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** ADS in its incremental form. Owned by the configuration thread. */
final class DeltaStream implements AdsStream {
    private final Listener listener;
    private final Function<ResourceKind, Map<String, String>> held;
    private final DeltaCall call;

    /**
     * @param held versions that are held of a kind, told in its first request
     */
    DeltaStream(
            Channel channel,
            Executor owner,
            Node node,
            Function<ResourceKind, Map<String, String>> held,
            Listener listener) {
        this.listener = listener;
        this.held = held;
        this.call =
                new DeltaCall(
                        owner,
                        node,
                        responses ->
                                AggregatedDiscoveryServiceGrpc.newStub(channel)
                                        .deltaAggregatedResources(responses),
                        this::answered,
                        listener::broken);
    }

    @Override
    public void want(ResourceKind kind, Set<String> names) {
        if (kind.isWildcard() || !names.isEmpty() || call.isWanted(kind.typeUrl())) {
            call.want(kind.typeUrl(), names, held.apply(kind));
        }
    }

    private String answered(
            String typeUrl, String version, List<Received> changed, List<String> removed) {
        return ResourceKind.of(typeUrl)
                .map(kind -> listener.delta(kind, version, changed, removed))
                .orElse("type_url " + typeUrl + " was not asked for");
    }

    @Override
    public void cancel() {
        call.cancel();
    }
}
