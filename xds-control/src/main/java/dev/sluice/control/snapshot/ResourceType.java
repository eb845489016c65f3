package dev.sluice.control.snapshot;

import java.util.Optional;

/** The types of structure, in the order in which a change makes before it breaks. */
public enum ResourceType {
    CLUSTER("type.googleapis.com/envoy.config.cluster.v3.Cluster"),
    ENDPOINT("type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment"),
    LISTENER("type.googleapis.com/envoy.config.listener.v3.Listener"),
    ROUTE("type.googleapis.com/envoy.config.route.v3.RouteConfiguration");

    private final String typeUrl;

    ResourceType(String typeUrl) {
        this.typeUrl = typeUrl;
    }

    public String typeUrl() {
        return typeUrl;
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
