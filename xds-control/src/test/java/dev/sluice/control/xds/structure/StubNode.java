package dev.sluice.control.xds.structure;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Status;
import dev.sluice.control.snapshot.ResourceType;
import io.envoyproxy.controlplane.cache.DeltaResponse;
import io.envoyproxy.controlplane.cache.DeltaWatch;
import io.envoyproxy.controlplane.cache.DeltaXdsRequest;
import io.envoyproxy.controlplane.cache.Response;
import io.envoyproxy.controlplane.cache.Watch;
import io.envoyproxy.controlplane.cache.XdsRequest;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A node at the other end of a {@link StructureStream}, with java-control-plane's part between
 * them: each request cancels the watch of its type and opens another. Owned by one thread.
 */
final class StubNode {
    /** Which of the two xDS protocols it speaks. */
    enum Speaks {
        WHOLE,
        DELTA
    }

    /**
     * A response.
     *
     * @param resources content by name
     */
    record Answer(
            ResourceType type,
            String nonce,
            String version,
            Map<String, String> resources,
            Set<String> removed) {}

    private final StructureStream stream;
    private final Speaks speaks;
    private final Deque<Answer> answers = new ArrayDeque<>();
    private final Map<ResourceType, Runnable> cancels = new EnumMap<>(ResourceType.class);
    private final Map<ResourceType, List<String>> names = new EnumMap<>(ResourceType.class);
    private final Map<ResourceType, String> versions = new EnumMap<>(ResourceType.class);
    private int nonces;

    StubNode(StructureStream stream, Speaks speaks) {
        this.stream = stream;
        this.speaks = speaks;
    }

    /** Asks for resources; for none: everything of the type. */
    void subscribe(ResourceType type, String... wanted) {
        names.put(type, List.of(wanted));
        switch (speaks) {
            case WHOLE -> request(whole(type).build());
            case DELTA ->
                    request(delta(type).addAllResourceNamesSubscribe(List.of(wanted)).build());
        }
    }

    /** The first delta request after a reconnect. */
    void resume(ResourceType type, Map<String, String> known, String... wanted) {
        request(
                delta(type)
                        .putAllInitialResourceVersions(known)
                        .addAllResourceNamesSubscribe(List.of(wanted))
                        .build());
    }

    /** The first state-of-the-world request after a reconnect. */
    void resume(ResourceType type, String version, String... wanted) {
        versions.put(type, version);
        subscribe(type, wanted);
    }

    void unsubscribe(ResourceType type, String name) {
        request(delta(type).addResourceNamesUnsubscribe(name).build());
    }

    void accept(Answer answer) {
        versions.put(answer.type(), answer.version());
        switch (speaks) {
            case WHOLE -> request(whole(answer.type()).setResponseNonce(answer.nonce()).build());
            case DELTA -> request(delta(answer.type()).setResponseNonce(answer.nonce()).build());
        }
    }

    /** State of the world: accepts, and asks for other names in the same breath. */
    void acceptAsking(Answer answer, String... wanted) {
        names.put(answer.type(), List.of(wanted));
        accept(answer);
    }

    void refuse(Answer answer, String why) {
        Status error = Status.newBuilder().setCode(3).setMessage(why).build();
        switch (speaks) {
            case WHOLE ->
                    request(
                            whole(answer.type())
                                    .setResponseNonce(answer.nonce())
                                    .setErrorDetail(error)
                                    .build());
            case DELTA ->
                    request(
                            delta(answer.type())
                                    .setResponseNonce(answer.nonce())
                                    .setErrorDetail(error)
                                    .build());
        }
    }

    /** The oldest response that was not taken, which must be there. */
    Answer next() {
        assertThat(answers).as("responses").isNotEmpty();
        Answer answer = answers.remove();
        stream.sent(answer.type().typeUrl(), answer.nonce());
        return answer;
    }

    /** Accepts everything that comes, in order, until nothing comes; returns it. */
    List<Answer> settle() {
        List<Answer> taken = new ArrayList<>();
        while (!answers.isEmpty()) {
            taken.add(next());
            accept(taken.getLast());
        }
        return taken;
    }

    boolean hasNothing() {
        return answers.isEmpty();
    }

    /** java-control-plane takes a watch away a moment before it opens the next. */
    void cancelWatch(ResourceType type) {
        Objects.requireNonNull(cancels.get(type)).run();
    }

    private DiscoveryRequest.Builder whole(ResourceType type) {
        return DiscoveryRequest.newBuilder()
                .setTypeUrl(type.typeUrl())
                .setVersionInfo(versions.getOrDefault(type, ""))
                .addAllResourceNames(names.getOrDefault(type, List.of()));
    }

    private static DeltaDiscoveryRequest.Builder delta(ResourceType type) {
        return DeltaDiscoveryRequest.newBuilder().setTypeUrl(type.typeUrl());
    }

    private void request(DiscoveryRequest request) {
        ResourceType type = ResourceType.of(request.getTypeUrl()).orElseThrow();
        stream.requested(request);
        cancels.getOrDefault(type, () -> {}).run();
        Watch watch =
                new Watch(
                        true, false, XdsRequest.create(request), response -> took(type, response));
        cancels.put(type, watch::cancel);
        stream.open(type, new OpenWatch.Whole(watch));
    }

    private void request(DeltaDiscoveryRequest request) {
        ResourceType type = ResourceType.of(request.getTypeUrl()).orElseThrow();
        stream.requested(request);
        cancels.getOrDefault(type, () -> {}).run();
        DeltaWatch watch =
                new DeltaWatch(
                        DeltaXdsRequest.create(request),
                        Map.of(),
                        Set.of(),
                        "",
                        type.isWildcard(),
                        response -> took(type, response));
        cancels.put(type, watch::cancel);
        stream.open(type, new OpenWatch.Delta(watch));
    }

    private void took(ResourceType type, Response response) {
        Map<String, String> resources = new TreeMap<>();
        response.resources()
                .forEach(message ->
                        resources.put(name((Cluster) message), content((Cluster) message)));
        answers.add(new Answer(type, "n" + ++nonces, response.version(), resources, Set.of()));
    }

    private void took(ResourceType type, DeltaResponse response) {
        Map<String, String> resources = new HashMap<>();
        response.resources()
                .forEach((name, found) -> resources.put(name, content((Cluster) found.resource())));
        answers.add(
                new Answer(
                        type,
                        "n" + ++nonces,
                        response.version(),
                        resources,
                        new TreeSet<>(response.removedResources())));
    }

    private static String name(Cluster cluster) {
        return cluster.getName();
    }

    private static String content(Cluster cluster) {
        return cluster.getAltStatName();
    }
}
