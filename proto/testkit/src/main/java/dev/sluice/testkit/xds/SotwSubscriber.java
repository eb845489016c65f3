package dev.sluice.testkit.xds;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Answers one state-of-the-world stream from a configuration, under its lock. */
final class SotwSubscriber implements StandingConfig.Subscriber {
    private final StandingConfig config;
    private final SotwStream stream;

    /** Names wanted, by type; an empty set wants everything. */
    private final Map<String, Set<String>> wanted = new HashMap<>();

    SotwSubscriber(StandingConfig config, SotwStream stream) {
        this.config = config;
        this.stream = stream;
    }

    /** Sends when the names differ from before; else the request is an ACK or a NACK. */
    void requested(DiscoveryRequest request) {
        synchronized (config) {
            Set<String> names = Set.copyOf(request.getResourceNamesList());
            if (!names.equals(wanted.put(request.getTypeUrl(), names))) {
                changed(request.getTypeUrl());
            }
        }
    }

    @Override
    public void changed(String typeUrl) {
        Set<String> names = wanted.get(typeUrl);
        if (names == null) {
            return;
        }
        config.resources(typeUrl)
                .map(resources -> select(resources, names))
                .ifPresent(selected -> stream.send(typeUrl, config.version(), selected));
    }

    private static List<Any> select(
            Map<String, StandingConfig.Versioned> resources, Set<String> names) {
        return resources.entrySet().stream()
                .filter(resource -> names.isEmpty() || names.contains(resource.getKey()))
                .map(resource -> resource.getValue().content())
                .toList();
    }
}
