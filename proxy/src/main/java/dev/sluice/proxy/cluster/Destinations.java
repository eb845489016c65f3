package dev.sluice.proxy.cluster;

import dev.sluice.proxy.endpoint.Endpoint;
import dev.sluice.proxy.endpoint.EndpointHealth;
import dev.sluice.proxy.endpoint.EndpointLoad;
import dev.sluice.proxy.endpoint.EndpointOutcomes;
import dev.sluice.proxy.snapshot.cluster.EndpointSpec;
import dev.sluice.proxy.snapshot.part.SocketAddressSpec;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The endpoints of a cluster that goes where its clients wanted to go: one for each address that
 * was wanted lately. Loops add, the configuration thread sweeps; thread-safe.
 */
final class Destinations {
    private final Map<InetSocketAddress, Destination> known = new ConcurrentHashMap<>();

    /** An endpoint, and whether it was wanted since the last sweep. */
    private static final class Destination {
        private final Endpoint endpoint;
        private volatile boolean wanted;

        Destination(InetSocketAddress address) {
            SocketAddressSpec spec =
                    new SocketAddressSpec(address.getAddress().getHostAddress(), address.getPort());
            endpoint =
                    new Endpoint(
                            address,
                            EndpointSpec.at(spec),
                            new EndpointLoad(),
                            EndpointHealth.unchecked(/* now= */ 0),
                            new EndpointOutcomes());
        }

        Endpoint want() {
            if (!wanted) {
                wanted = true;
            }
            return endpoint;
        }

        /** Since the last call. */
        boolean isOutOfUse() {
            boolean idle = !wanted && endpoint.load().active() == 0;
            wanted = false;
            return idle;
        }
    }

    /**
     * The endpoint at this address.
     *
     * @param address resolved
     */
    Endpoint at(InetSocketAddress address) {
        Destination before = known.get(address);
        return before == null
                ? known.computeIfAbsent(address, Destination::new).want()
                : before.want();
    }

    /** Endpoints now, by address. */
    List<Endpoint> all() {
        return known.values().stream()
                .map(destination -> destination.endpoint)
                .sorted(Comparator.comparing(endpoint -> endpoint.address().toString()))
                .toList();
    }

    /**
     * Forgets the endpoints that nobody wanted since the last sweep and that have nothing to do.
     * One that is wanted in this very moment may be forgotten too: what was begun with it ends
     * well, since pools let their exchanges finish.
     *
     * @return whether some went
     */
    boolean sweep() {
        return known.values().removeIf(Destination::isOutOfUse);
    }
}
