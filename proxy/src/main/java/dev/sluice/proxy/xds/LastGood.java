package dev.sluice.proxy.xds;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Timestamp;
import dev.sluice.evidence.v1.EvidenceReport;
import dev.sluice.evidence.v1.LocalKill;
import dev.sluice.evidence.v1.Trip;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy can start from without a management server: the resources as they came, and what
 * this sidecar has latched. Immutable.
 *
 * <p>On disk it is a {@code google.protobuf.Timestamp}, an {@code EvidenceReport} with the latches,
 * and then one {@code DeltaDiscoveryResponse} for each kind and for gates, each with its length
 * before it.
 *
 * @param heard when the management server last confirmed it
 * @param resources by kind, named
 * @param gates named
 * @param latches in force
 */
record LastGood(
        Instant heard,
        Map<ResourceKind, List<Received>> resources,
        List<Received> gates,
        Latches latches) {
    /** Nothing remembered. */
    static final LastGood NONE = new LastGood(Instant.EPOCH, Map.of(), List.of(), Latches.NONE);

    /**
     * What this sidecar took back by itself and nobody acknowledged yet.
     *
     * @param trips by tests
     * @param kills by order at the admin endpoint
     */
    record Latches(List<Trip> trips, List<LocalKill> kills) {
        static final Latches NONE = new Latches(List.of(), List.of());

        Latches {
            trips = List.copyOf(trips);
            kills = List.copyOf(kills);
        }
    }

    LastGood {
        resources = Map.copyOf(resources);
        gates = List.copyOf(gates);
    }

    /** Whether there is nothing to serve in it. */
    boolean isEmpty() {
        return resources.values().stream().allMatch(List::isEmpty) && gates.isEmpty();
    }

    /** This without what could be served: only the latches stay. */
    LastGood latchesOnly() {
        return new LastGood(heard, Map.of(), List.of(), latches);
    }

    /** Whether both say the same, whenever it was heard. */
    boolean sameContent(LastGood other) {
        return resources.equals(other.resources)
                && gates.equals(other.gates)
                && latches.equals(other.latches);
    }

    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(TripWire.timestamp(heard), out);
        write(
                EvidenceReport.newBuilder()
                        .addAllTrips(latches.trips())
                        .addAllLocalKills(latches.kills())
                        .build(),
                out);
        for (ResourceKind kind : ResourceKind.values()) {
            if (kind.isRemembered()) {
                write(response(kind.typeUrl(), resources.getOrDefault(kind, List.of())), out);
            }
        }
        write(response(GateBook.TYPE_URL, gates), out);
        return out.toByteArray();
    }

    private static void write(MessageLite message, ByteArrayOutputStream out) {
        try {
            message.writeDelimitedTo(out);
        } catch (IOException e) {
            throw new IllegalStateException("an array takes everything", e);
        }
    }

    /**
     * @throws IOException when the bytes are not such a state
     */
    static LastGood of(byte[] bytes) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(bytes);
        Timestamp heard = present(Timestamp.parseDelimitedFrom(in), "the time");
        EvidenceReport latched = present(EvidenceReport.parseDelimitedFrom(in), "the latches");
        Map<ResourceKind, List<Received>> resources = new EnumMap<>(ResourceKind.class);
        List<Received> gates = List.of();
        while (in.available() > 0) {
            DeltaDiscoveryResponse response =
                    present(DeltaDiscoveryResponse.parseDelimitedFrom(in), "resources");
            List<Received> received =
                    response.getResourcesList().stream().map(Received::of).toList();
            Optional<ResourceKind> kind = ResourceKind.of(response.getTypeUrl());
            if (kind.isPresent()) {
                resources.put(kind.get(), received);
            } else if (response.getTypeUrl().equals(GateBook.TYPE_URL)) {
                gates = received;
            }
        }
        return new LastGood(
                TripWire.instant(heard),
                resources,
                gates,
                new Latches(latched.getTripsList(), latched.getLocalKillsList()));
    }

    private static <M> M present(@Nullable M message, String what)
            throws InvalidProtocolBufferException {
        if (message == null) {
            throw new InvalidProtocolBufferException("it ends before " + what);
        }
        return message;
    }

    private static DeltaDiscoveryResponse response(String typeUrl, List<Received> resources) {
        DeltaDiscoveryResponse.Builder response =
                DeltaDiscoveryResponse.newBuilder().setTypeUrl(typeUrl);
        for (Received received : resources) {
            Resource.Builder resource =
                    Resource.newBuilder()
                            .setName(received.name())
                            .setVersion(received.version())
                            .setResource(received.content());
            received.timeToLive()
                    .ifPresent(time ->
                            resource.getTtlBuilder()
                                    .setSeconds(time.getSeconds())
                                    .setNanos(time.getNano()));
            response.addResources(resource);
        }
        return response.build();
    }
}
