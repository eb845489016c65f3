package dev.sluice.proxy.cluster;

import dev.sluice.proxy.snapshot.ClusterSpec.Balancing;
import java.util.List;
import java.util.random.RandomGenerator;

/** Chooses an endpoint for a request, among endpoints that do not change. Loop-owned. */
sealed interface Balancer permits RoundRobinBalancer, LeastRequestBalancer, RandomBalancer {
    Endpoint choose();

    /**
     * Makes the balancer of a cluster.
     *
     * @param endpoints at least one
     */
    static Balancer of(Balancing balancing, List<Endpoint> endpoints, RandomGenerator random) {
        return switch (balancing) {
            case Balancing.RoundRobin() -> new RoundRobinBalancer(endpoints, random);
            case Balancing.LeastRequest(int choices) ->
                    new LeastRequestBalancer(new WeightedDraw(endpoints, random), choices);
            case Balancing.Random() -> new RandomBalancer(new WeightedDraw(endpoints, random));
        };
    }
}
