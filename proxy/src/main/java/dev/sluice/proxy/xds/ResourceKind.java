package dev.sluice.proxy.xds;

import java.util.Optional;

/** The kinds of resources that come by ADS, in the order in which they are asked for. */
enum ResourceKind {
    CLUSTER("type.googleapis.com/envoy.config.cluster.v3.Cluster"),
    ENDPOINTS("type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment"),
    LISTENER("type.googleapis.com/envoy.config.listener.v3.Listener"),
    ROUTES("type.googleapis.com/envoy.config.route.v3.RouteConfiguration");

    private final String typeUrl;

    ResourceKind(String typeUrl) {
        this.typeUrl = typeUrl;
    }

    String typeUrl() {
        return typeUrl;
    }

    /** All resources come unasked; what a whole answer leaves out is gone. */
    boolean isWildcard() {
        return this == CLUSTER || this == LISTENER;
    }

    static Optional<ResourceKind> of(String typeUrl) {
        for (ResourceKind kind : values()) {
            if (kind.typeUrl.equals(typeUrl)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
