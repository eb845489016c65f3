package dev.sluice.proxy.endpoint;

import dev.sluice.proxy.snapshot.cluster.EndpointSpec;
import dev.sluice.proxy.snapshot.cluster.LoadAssignmentSpec;
import dev.sluice.proxy.snapshot.cluster.LocalitySpec;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The endpoints of one cluster at one time. Immutable but for their load and health.
 *
 * @param spec as configured or discovered
 * @param localities in order, with their endpoints; each address once in the whole set
 */
public record EndpointSet(LoadAssignmentSpec spec, List<Locality> localities) {
    /** No endpoints. */
    public static final EndpointSet EMPTY = new EndpointSet(LoadAssignmentSpec.EMPTY, List.of());

    public EndpointSet {
        localities = List.copyOf(localities);
    }

    /**
     * A locality with its endpoints.
     *
     * @param spec as configured
     * @param endpoints every address of every endpoint of it
     */
    public record Locality(LocalitySpec spec, List<Endpoint> endpoints) {
        public Locality {
            endpoints = List.copyOf(endpoints);
        }
    }

    /** All endpoints in order. */
    public List<Endpoint> all() {
        List<Endpoint> all = new ArrayList<>();
        localities.forEach(locality -> all.addAll(locality.endpoints()));
        return all;
    }

    /** Localities by priority, 0 first; without a gap. */
    public List<List<Locality>> priorities() {
        List<List<Locality>> priorities = new ArrayList<>();
        for (Locality locality : localities) {
            while (priorities.size() <= locality.spec().priority()) {
                priorities.add(new ArrayList<>());
            }
            priorities.get(locality.spec().priority()).add(locality);
        }
        return priorities;
    }

    /**
     * The endpoints of this load assignment; those with an address known here keep their load and
     * health.
     *
     * @param addresses of an endpoint; none: it is left out
     * @param fresh health of an endpoint that is not known here
     */
    public EndpointSet next(
            LoadAssignmentSpec load,
            Function<EndpointSpec, List<InetSocketAddress>> addresses,
            Function<EndpointSpec, EndpointHealth> fresh) {
        Map<InetSocketAddress, Endpoint> known = new HashMap<>();
        all().forEach(endpoint -> known.put(endpoint.address(), endpoint));
        Map<InetSocketAddress, Endpoint> taken = new LinkedHashMap<>();
        List<Locality> next = new ArrayList<>();
        for (LocalitySpec locality : load.localities()) {
            List<Endpoint> endpoints = new ArrayList<>();
            for (EndpointSpec spec : locality.endpoints()) {
                for (InetSocketAddress address : addresses.apply(spec)) {
                    Endpoint endpoint = endpoint(address, spec, known, fresh);
                    if (taken.putIfAbsent(address, endpoint) == null) {
                        endpoints.add(endpoint);
                    }
                }
            }
            next.add(new Locality(locality, endpoints));
        }
        return new EndpointSet(load, next);
    }

    private static Endpoint endpoint(
            InetSocketAddress address,
            EndpointSpec spec,
            Map<InetSocketAddress, Endpoint> known,
            Function<EndpointSpec, EndpointHealth> fresh) {
        Endpoint before = known.get(address);
        return before == null
                ? new Endpoint(
                        address,
                        spec,
                        new EndpointLoad(),
                        fresh.apply(spec),
                        new EndpointOutcomes())
                : new Endpoint(address, spec, before.load(), before.health(), before.outcomes());
    }
}
