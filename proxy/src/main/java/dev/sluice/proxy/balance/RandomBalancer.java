package dev.sluice.proxy.balance;

import dev.sluice.proxy.endpoint.Endpoint;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Any endpoint; weights do not count, as in Envoy. Loop-owned.
 *
 * @param endpoints at least one
 */
record RandomBalancer(List<Endpoint> endpoints, RandomGenerator random) implements Balancer {
    @Override
    public Endpoint choose(long hash, int attempt) {
        return endpoints.get(random.nextInt(endpoints.size()));
    }
}
