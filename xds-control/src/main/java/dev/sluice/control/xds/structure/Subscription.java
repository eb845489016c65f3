package dev.sluice.control.xds.structure;

import dev.sluice.control.snapshot.ResourceSet;
import dev.sluice.control.snapshot.ResourceType;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a node asks for of one type: a proxy for all clusters and listeners (xDS wildcard), a gRPC
 * client for those that it has use for, by name.
 *
 * <p>Owned by its {@link TypeStream}.
 */
final class Subscription {
    private static final String WILDCARD = "*";

    private final ResourceType type;
    private final Set<String> names = new HashSet<>();
    private boolean asked;
    private boolean whole;

    Subscription(ResourceType type) {
        this.type = type;
    }

    /** State of the world: a first request without names is for everything, a later one stays. */
    void replace(DiscoveryRequest request) {
        List<String> all = request.getResourceNamesList();
        whole =
                type.isWildcard()
                        && (all.contains(WILDCARD) || (all.isEmpty() && (!asked || whole)));
        asked = true;
        names.clear();
        names.addAll(all);
    }

    /** Incremental. */
    void change(DeltaDiscoveryRequest request) {
        List<String> more = request.getResourceNamesSubscribeList();
        List<String> less = request.getResourceNamesUnsubscribeList();
        whole =
                type.isWildcard()
                        && (more.contains(WILDCARD) || (asked ? whole : more.isEmpty()))
                        && !less.contains(WILDCARD);
        asked = true;
        names.addAll(more);
        less.forEach(names::remove);
    }

    boolean isAsked() {
        return asked;
    }

    boolean isWhole() {
        return whole;
    }

    boolean covers(String name) {
        return whole || names.contains(name);
    }

    /** The names; empty when it is for everything. */
    Optional<Set<String>> only() {
        return whole ? Optional.empty() : Optional.of(Set.copyOf(names));
    }

    /** As {@link #only}, of a type that could be had whole. */
    Optional<Set<String>> onlyByChoice() {
        return type.isWildcard() ? only() : Optional.empty();
    }

    /** What a response that leaves nothing out says of a set. */
    ResourceSet seen(ResourceSet set) {
        return onlyByChoice()
                .map(some ->
                        set.with(
                                set.byName().values().stream()
                                        .filter(resource -> some.contains(resource.name()))
                                        .toList()))
                .orElse(set);
    }
}
