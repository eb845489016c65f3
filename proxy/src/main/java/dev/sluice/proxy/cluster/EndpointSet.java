package dev.sluice.proxy.cluster;

import dev.sluice.proxy.snapshot.EndpointSpec.Health;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The endpoints of one cluster at one time. Immutable.
 *
 * @param all in order, each address once
 * @param usable those that new requests may be sent to
 */
record EndpointSet(List<Endpoint> all, List<Endpoint> usable) {
    static final EndpointSet EMPTY = new EndpointSet(List.of(), List.of());

    EndpointSet {
        all = List.copyOf(all);
        usable = List.copyOf(usable);
    }

    /** These endpoints; those with an address known here keep their load. */
    EndpointSet next(List<ResolvedEndpoint> resolved) {
        Map<InetSocketAddress, EndpointLoad> loads = new LinkedHashMap<>();
        all.forEach(endpoint -> loads.put(endpoint.address(), endpoint.load()));
        Map<InetSocketAddress, Endpoint> next = new LinkedHashMap<>();
        for (ResolvedEndpoint one : resolved) {
            EndpointLoad load = loads.computeIfAbsent(one.address(), any -> new EndpointLoad());
            next.putIfAbsent(one.address(), endpoint(one, load));
        }
        List<Endpoint> usable = new ArrayList<>(next.values());
        usable.removeIf(endpoint -> endpoint.health() != Health.HEALTHY);
        return new EndpointSet(List.copyOf(next.values()), usable);
    }

    private static Endpoint endpoint(ResolvedEndpoint one, EndpointLoad load) {
        return new Endpoint(
                one.address(),
                one.spec().address().address(),
                one.spec().weight(),
                one.spec().health(),
                load);
    }
}
