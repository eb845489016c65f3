package dev.sluice.bench.control.fleet;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A stream of the incremental xDS protocol on which everything is accepted. Owned by its sidecar.
 */
final class DeltaCall {
    private final Node node;
    private final Wire.Call call;
    private final Map<String, Set<String>> subscribed = new HashMap<>();
    private boolean introduced;

    DeltaCall(Node node, Wire.Call call) {
        this.node = node;
        this.call = call;
    }

    /**
     * Asks for a type; the first time with what is held of it from before.
     *
     * @param names wanted too from now on; none for a wildcard
     */
    void want(String typeUrl, Set<String> names, Map<String, String> held) {
        boolean isFirst = !subscribed.containsKey(typeUrl);
        Set<String> before = subscribed.computeIfAbsent(typeUrl, _ -> new HashSet<>());
        Set<String> more = new HashSet<>(names);
        more.removeAll(before);
        if (isFirst || !more.isEmpty()) {
            before.addAll(more);
            DeltaDiscoveryRequest.Builder request =
                    request(typeUrl).addAllResourceNamesSubscribe(more);
            if (isFirst) {
                request.putAllInitialResourceVersions(held);
            }
            call.send(request.build());
        }
    }

    void accept(DeltaDiscoveryResponse response) {
        call.send(request(response.getTypeUrl()).setResponseNonce(response.getNonce()).build());
    }

    private DeltaDiscoveryRequest.Builder request(String typeUrl) {
        DeltaDiscoveryRequest.Builder request =
                DeltaDiscoveryRequest.newBuilder().setTypeUrl(typeUrl);
        if (!introduced) {
            introduced = true;
            request.setNode(node);
        }
        return request;
    }
}
