package dev.sluice.proxy.xds;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A stream of the incremental xDS protocol, for any types; names are told as differences. Owned by
 * one executor.
 */
final class DeltaCall {
    private final Node node;
    private final Answers answers;
    private final StreamCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> call;
    private final Map<String, Set<String>> subscribed = new HashMap<>();
    private boolean introduced;

    /** Takes an answer; returns why it is refused, empty for acceptance. */
    interface Answers {
        String answered(
                String typeUrl, String version, List<Received> changed, List<String> removed);
    }

    DeltaCall(
            Executor owner,
            Node node,
            Function<StreamObserver<DeltaDiscoveryResponse>, StreamObserver<DeltaDiscoveryRequest>>
                    method,
            Answers answers,
            Consumer<Status> onBroken) {
        this.node = node;
        this.answers = answers;
        this.call = new StreamCall<>(owner, this::answered, onBroken);
        var unused = method.apply(call);
    }

    /**
     * Asks for a type; the first time with what is held of it from before.
     *
     * @param names wanted from now on; none for a wildcard
     */
    void want(String typeUrl, Set<String> names, Map<String, String> held) {
        boolean first = !subscribed.containsKey(typeUrl);
        Set<String> before = subscribed.getOrDefault(typeUrl, Set.of());
        Set<String> more = new TreeSet<>(names);
        more.removeAll(before);
        Set<String> less = new TreeSet<>(before);
        less.removeAll(names);
        if (first || !more.isEmpty() || !less.isEmpty()) {
            subscribed.put(typeUrl, new HashSet<>(names));
            DeltaDiscoveryRequest.Builder request =
                    request(typeUrl)
                            .addAllResourceNamesSubscribe(more)
                            .addAllResourceNamesUnsubscribe(less);
            if (first) {
                request.putAllInitialResourceVersions(held);
            }
            call.send(request.build());
        }
    }

    boolean isWanted(String typeUrl) {
        return subscribed.containsKey(typeUrl);
    }

    private void answered(DeltaDiscoveryResponse response) {
        List<Received> changed = response.getResourcesList().stream().map(Received::of).toList();
        String refusal =
                answers.answered(
                        response.getTypeUrl(),
                        response.getSystemVersionInfo(),
                        changed,
                        response.getRemovedResourcesList());
        DeltaDiscoveryRequest.Builder request =
                request(response.getTypeUrl()).setResponseNonce(response.getNonce());
        if (!refusal.isEmpty()) {
            request.setErrorDetail(
                    com.google.rpc.Status.newBuilder()
                            .setCode(Status.Code.INVALID_ARGUMENT.value())
                            .setMessage(refusal));
        }
        call.send(request.build());
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

    void cancel() {
        call.cancel();
    }
}
