package dev.sluice.testkit.xds;

import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Answers one incremental stream from a configuration, under its lock. */
final class DeltaSubscriber implements StandingConfig.Subscriber {
    private static final String WILDCARD = "*";

    private final StandingConfig config;
    private final DeltaStream stream;
    private final Map<String, Interest> interests = new HashMap<>();

    DeltaSubscriber(StandingConfig config, DeltaStream stream) {
        this.config = config;
        this.stream = stream;
    }

    /** What a client wants of one type, and what it has: version by name, "" for told absent. */
    private static final class Interest {
        private final Set<String> names = new LinkedHashSet<>();
        private final Map<String, String> known = new HashMap<>();

        boolean wants(String name) {
            return names.contains(WILDCARD) || names.contains(name);
        }
    }

    void requested(DeltaDiscoveryRequest request) {
        synchronized (config) {
            boolean first = !interests.containsKey(request.getTypeUrl());
            Interest interest =
                    interests.computeIfAbsent(request.getTypeUrl(), _ -> new Interest());
            subscribe(interest, request, first);
            if (first || request.getResourceNamesSubscribeCount() > 0) {
                send(request.getTypeUrl(), interest, first);
            }
        }
    }

    @Override
    public void changed(String typeUrl) {
        Interest interest = interests.get(typeUrl);
        if (interest != null) {
            send(typeUrl, interest, false);
        }
    }

    /** The first request of a type that names nothing is a wildcard; naming again sends again. */
    private static void subscribe(Interest interest, DeltaDiscoveryRequest request, boolean first) {
        if (first) {
            interest.known.putAll(request.getInitialResourceVersionsMap());
            if (request.getResourceNamesSubscribeCount() == 0) {
                interest.names.add(WILDCARD);
            }
        } else {
            request.getResourceNamesSubscribeList().forEach(interest.known::remove);
        }
        interest.names.addAll(request.getResourceNamesSubscribeList());
        request.getResourceNamesUnsubscribeList()
                .forEach(name -> {
                    interest.names.remove(name);
                    interest.known.remove(name);
                });
    }

    private void send(String typeUrl, Interest interest, boolean evenNothing) {
        Map<String, StandingConfig.Versioned> resources = config.resources(typeUrl).orElse(null);
        if (resources == null) {
            return;
        }
        List<Resource> changed = changed(interest, resources);
        List<String> removed = removed(interest, resources);
        if (evenNothing || !changed.isEmpty() || !removed.isEmpty()) {
            stream.send(typeUrl, changed, removed);
        }
    }

    private static List<Resource> changed(
            Interest interest, Map<String, StandingConfig.Versioned> resources) {
        List<Resource> changed = new ArrayList<>();
        resources.forEach((name, resource) -> {
            if (interest.wants(name) && !resource.version().equals(interest.known.get(name))) {
                interest.known.put(name, resource.version());
                changed.add(DeltaStream.resource(name, resource.version(), resource.content()));
            }
        });
        return changed;
    }

    private static List<String> removed(
            Interest interest, Map<String, StandingConfig.Versioned> resources) {
        Set<String> gone = new HashSet<>(interest.names);
        gone.addAll(interest.known.keySet());
        gone.removeAll(resources.keySet());
        gone.remove(WILDCARD);
        gone.removeIf(name -> "".equals(interest.known.put(name, "")));
        return List.copyOf(gone);
    }
}
