package dev.sluice.proxy.admin.dump;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Timestamp;
import dev.sluice.proxy.resource.RefusedResource;
import dev.sluice.proxy.resource.SentConfiguration;
import dev.sluice.proxy.resource.SentResource;
import io.envoyproxy.envoy.admin.v3.UpdateFailureState;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a management server sent under one name: what is held of it, what was refused since, or
 * both. Immutable.
 */
record Dumped(String name, Optional<SentResource> held, Optional<RefusedResource> refused) {
    /** What was sent of a kind, by name. */
    static Collection<Dumped> of(SentConfiguration sent, Descriptor kind) {
        String typeUrl = typeUrl(kind);
        Map<String, Dumped> all = new TreeMap<>();
        sent.accepted().stream()
                .filter(one -> one.content().getTypeUrl().equals(typeUrl))
                .forEach(one ->
                        all.put(
                                one.name(),
                                new Dumped(one.name(), Optional.of(one), Optional.empty())));
        sent.refused().stream()
                .filter(one -> one.typeUrl().equals(typeUrl))
                .forEach(one ->
                        all.merge(
                                one.name(),
                                new Dumped(one.name(), Optional.empty(), Optional.of(one)),
                                (before, refusal) ->
                                        new Dumped(one.name(), before.held(), refusal.refused())));
        return all.values();
    }

    /** The version of the last answer of a kind that was accepted; empty: there was none. */
    static String version(SentConfiguration sent, Descriptor kind) {
        return sent.versions().getOrDefault(typeUrl(kind), "");
    }

    private static String typeUrl(Descriptor kind) {
        return "type.googleapis.com/" + kind.getFullName();
    }

    /** As messages have it. */
    static Timestamp time(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }

    /** Why the last of it was refused. */
    Optional<UpdateFailureState> error() {
        return refused.map(Dumped::error);
    }

    private static UpdateFailureState error(RefusedResource refused) {
        UpdateFailureState.Builder error =
                UpdateFailureState.newBuilder()
                        .setLastUpdateAttempt(time(refused.attempted()))
                        .setDetails(refused.details())
                        .setVersionInfo(refused.version());
        if (!refused.content().equals(Any.getDefaultInstance())) {
            error.setFailedConfiguration(refused.content());
        }
        return error.build();
    }
}
