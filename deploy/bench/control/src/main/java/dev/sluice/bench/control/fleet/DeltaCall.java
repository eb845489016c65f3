package dev.sluice.bench.control.fleet;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.stub.StreamObserver;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A stream of the incremental xDS protocol on which everything is accepted. Used under its
 * sidecar's lock.
 */
final class DeltaCall {
    private final Node node;
    private final StreamObserver<DeltaDiscoveryRequest> requests;
    private final Map<String, Set<String>> subscribed = new HashMap<>();
    private boolean introduced;

    DeltaCall(
            Node node,
            Function<StreamObserver<DeltaDiscoveryResponse>, StreamObserver<DeltaDiscoveryRequest>>
                    method,
            Consumer<DeltaDiscoveryResponse> taker,
            Consumer<Throwable> onBroken) {
        this.node = node;
        this.requests = method.apply(new Answers(taker, onBroken));
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
            requests.onNext(request.build());
        }
    }

    void accept(DeltaDiscoveryResponse response) {
        requests.onNext(
                request(response.getTypeUrl()).setResponseNonce(response.getNonce()).build());
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

    private record Answers(Consumer<DeltaDiscoveryResponse> taker, Consumer<Throwable> onBroken)
            implements StreamObserver<DeltaDiscoveryResponse> {
        @Override
        public void onNext(DeltaDiscoveryResponse response) {
            taker.accept(response);
        }

        @Override
        public void onError(Throwable broken) {
            onBroken.accept(broken);
        }

        @Override
        public void onCompleted() {}
    }
}
