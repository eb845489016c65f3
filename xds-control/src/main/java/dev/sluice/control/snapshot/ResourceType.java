package dev.sluice.control.snapshot;

import java.util.Optional;

/** The types of structure, in the order in which a change makes before it breaks. */
public enum ResourceType {
    CLUSTER("type.googleapis.com/envoy.config.cluster.v3.Cluster", "cluster"),
    ENDPOINT("type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment", "endpoints"),
    LISTENER("type.googleapis.com/envoy.config.listener.v3.Listener", "listener"),
    ROUTE("type.googleapis.com/envoy.config.route.v3.RouteConfiguration", "route table");

    private final String typeUrl;
    private final String word;

    ResourceType(String typeUrl, String word) {
        this.typeUrl = typeUrl;
        this.word = word;
    }

    public String typeUrl() {
        return typeUrl;
    }

    /** What people call it. */
    public String word() {
        return word;
    }

    /** The type of this URL, if it is one of structure. */
    public static Optional<ResourceType> of(String typeUrl) {
        for (ResourceType type : values()) {
            if (type.typeUrl.equals(typeUrl)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** Whether a node gets all resources of the type without naming them (xDS wildcard). */
    public boolean isWildcard() {
        return this == CLUSTER || this == LISTENER;
    }
}
