package dev.sluice.proxy.xds;

import dev.sluice.proxy.resource.Resource;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec;
import dev.sluice.proxy.snapshot.cluster.LoadAssignmentSpec;
import dev.sluice.proxy.snapshot.listener.ListenerSpec;
import dev.sluice.proxy.snapshot.route.RouteConfigurationSpec;
import dev.sluice.proxy.snapshot.runtime.RuntimeValue;
import dev.sluice.proxy.snapshot.tls.SecretSpec;
import java.util.List;
import java.util.Map;

/** A resource that was accepted, and what came of it. Immutable. */
sealed interface Accepted {
    /** As it came, for the disk and for reconnects. */
    Received received();

    /** What came of it. */
    Resource<?> resource();

    /** Paths of what it says without effect. */
    default List<String> inert() {
        return resource().inert();
    }

    default String name() {
        return resource().name();
    }

    /** Whether a private key stands in it, which no disk may remember. */
    default boolean holdsKey() {
        return resource().holdsKey();
    }

    /**
     * As the disk may remember it: what holds a private key leaves its name behind, so that a
     * restart knows what it lacks.
     */
    default Received remembered() {
        return holdsKey() ? Received.withoutContent(name(), received().version()) : named();
    }

    /** As it came, with its name. */
    default Received named() {
        return new Received(
                name(), received().version(), received().content(), received().timeToLive());
    }

    record OfCluster(Received received, Resource<ClusterSpec> resource) implements Accepted {}

    record OfEndpoints(Received received, Resource<LoadAssignmentSpec> resource)
            implements Accepted {}

    record OfListener(Received received, Resource<ListenerSpec> resource) implements Accepted {}

    record OfSecret(Received received, Resource<SecretSpec> resource) implements Accepted {
        /** Without what is secret. */
        @Override
        public String toString() {
            return "secret " + name();
        }
    }

    record OfRuntime(Received received, Resource<Map<String, RuntimeValue>> resource)
            implements Accepted {}

    record OfRoutes(Received received, Resource<RouteConfigurationSpec> resource)
            implements Accepted {}
}
