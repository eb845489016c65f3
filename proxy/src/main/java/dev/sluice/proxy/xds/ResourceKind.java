package dev.sluice.proxy.xds;

import dev.sluice.proxy.resource.BootstrapSpec.Subscription;
import java.util.Optional;
import java.util.Set;

/** The kinds of resources that come by ADS, in the order in which they are asked for. */
enum ResourceKind {
    RUNTIME("runtime layer", "type.googleapis.com/envoy.service.runtime.v3.Runtime"),
    CLUSTER("cluster", "type.googleapis.com/envoy.config.cluster.v3.Cluster"),
    ENDPOINTS("endpoints", "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment"),
    SECRET("secret", "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret"),
    LISTENER("listener", "type.googleapis.com/envoy.config.listener.v3.Listener"),
    ROUTES("routes", "type.googleapis.com/envoy.config.route.v3.RouteConfiguration");

    private final String what;
    private final String typeUrl;

    ResourceKind(String what, String typeUrl) {
        this.what = what;
        this.typeUrl = typeUrl;
    }

    /** In sentences. */
    String what() {
        return what;
    }

    String typeUrl() {
        return typeUrl;
    }

    /** All resources come unasked; what a whole answer leaves out is gone. */
    boolean isWildcard() {
        return this == CLUSTER || this == LISTENER;
    }

    /** Whether it is asked for, when these are asked for whole; the others are asked by name. */
    boolean isAsked(Set<Subscription> subscriptions) {
        return switch (this) {
            case CLUSTER -> subscriptions.contains(Subscription.CLUSTERS);
            case LISTENER -> subscriptions.contains(Subscription.LISTENERS);
            case RUNTIME, ENDPOINTS, SECRET, ROUTES -> true;
        };
    }

    /** Whether the disk may remember it. */
    boolean isRemembered() {
        return this != SECRET;
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
