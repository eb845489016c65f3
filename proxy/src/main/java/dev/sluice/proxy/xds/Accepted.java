package dev.sluice.proxy.xds;

import dev.sluice.proxy.resource.Resource;
import dev.sluice.proxy.snapshot.ClusterSpec;
import dev.sluice.proxy.snapshot.EndpointSpec;
import dev.sluice.proxy.snapshot.ListenerSpec;
import dev.sluice.proxy.snapshot.RouteConfigurationSpec;
import java.util.List;

/** A resource that was accepted, and what came of it. Immutable. */
sealed interface Accepted {
    /** As it came, for the disk and for reconnects. */
    Received received();

    /** Paths of what it says without effect. */
    List<String> inert();

    String name();

    /** As it came, with its name. */
    default Received named() {
        return new Received(name(), received().version(), received().content());
    }

    record OfCluster(Received received, Resource<ClusterSpec> resource) implements Accepted {
        @Override
        public String name() {
            return resource.name();
        }

        @Override
        public List<String> inert() {
            return resource.inert();
        }
    }

    record OfEndpoints(Received received, Resource<List<EndpointSpec>> resource)
            implements Accepted {
        @Override
        public String name() {
            return resource.name();
        }

        @Override
        public List<String> inert() {
            return resource.inert();
        }
    }

    record OfListener(Received received, Resource<ListenerSpec> resource) implements Accepted {
        @Override
        public String name() {
            return resource.name();
        }

        @Override
        public List<String> inert() {
            return resource.inert();
        }
    }

    record OfRoutes(Received received, Resource<RouteConfigurationSpec> resource)
            implements Accepted {
        @Override
        public String name() {
            return resource.name();
        }

        @Override
        public List<String> inert() {
            return resource.inert();
        }
    }
}
