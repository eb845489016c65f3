package dev.sluice.proxy.xds;

import com.google.protobuf.Any;
import com.google.protobuf.Timestamp;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a proxy can start from without a management server: the resources as they came. Immutable.
 *
 * <p>On disk it is a {@code google.protobuf.Timestamp} and then one {@code DeltaDiscoveryResponse} for each kind and for
 * gates, each with its length before it.
 *
 * @param saved when it was all served
 * @param resources by kind, named
 * @param gates named
 */
record LastGood(Instant saved, Map<ResourceKind, List<Received>> resources, List<Received> gates) {
    /** Nothing remembered. */
    static final LastGood NONE = new LastGood(Instant.EPOCH, Map.of(), List.of());

    LastGood {
        resources = Map.copyOf(resources);
        gates = List.copyOf(gates);
    }

    boolean isEmpty() {
        return resources.values().stream().allMatch(List::isEmpty) && gates.isEmpty();
    }

    byte[] bytes() {
        try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            Timestamp.newBuilder()
                    .setSeconds(saved.getEpochSecond())
                    .setNanos(saved.getNano())
                    .build()
                    .writeDelimitedTo(out);
            for (ResourceKind kind : ResourceKind.values()) {
                response(kind.typeUrl(), resources.getOrDefault(kind, List.of())).writeDelimitedTo(out);
            }
            response(ManagementClient.GATE_TYPE, gates).writeDelimitedTo(out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new IllegalStateException("an array takes everything", e);
        }
    }

    /** @throws IOException when the bytes are not such a state */
    static LastGood of(byte[] bytes) throws IOException {
        try (ByteArrayInputStream in = new ByteArrayInputStream(bytes)) {
            Timestamp saved = Timestamp.parseDelimitedFrom(in);
            Map<ResourceKind, List<Received>> resources = new EnumMap<>(ResourceKind.class);
            List<Received> gates = List.of();
            for (DeltaDiscoveryResponse response = DeltaDiscoveryResponse.parseDelimitedFrom(in);
                    response != null;
                    response = DeltaDiscoveryResponse.parseDelimitedFrom(in)) {
                List<Received> received = response.getResourcesList().stream()
                        .map(resource -> new Received(resource.getName(), resource.getVersion(), resource.getResource()))
                        .toList();
                var kind = ResourceKind.of(response.getTypeUrl());
                if (kind.isPresent()) {
                    resources.put(kind.get(), received);
                } else {
                    gates = received;
                }
            }
            return new LastGood(Instant.ofEpochSecond(saved.getSeconds(), saved.getNanos()), resources, gates);
        }
    }

    private static DeltaDiscoveryResponse response(String typeUrl, List<Received> resources) {
        DeltaDiscoveryResponse.Builder response = DeltaDiscoveryResponse.newBuilder().setTypeUrl(typeUrl);
        for (Received received : resources) {
            Any content = received.content();
            response.addResources(Resource.newBuilder()
                    .setName(received.name())
                    .setVersion(received.version())
                    .setResource(content));
        }
        return response.build();
    }
}
