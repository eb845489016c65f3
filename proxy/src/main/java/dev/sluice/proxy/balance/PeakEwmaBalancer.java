package dev.sluice.proxy.balance;

import dev.sluice.proxy.endpoint.Endpoint;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec.Policy.PeakEwma;
import io.netty.util.concurrent.Ticker;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Of some endpoints drawn at random the one with the lowest expected latency times requests under
 * way, over its weight. Loop-owned.
 *
 * @param endpoints at least one
 */
record PeakEwmaBalancer(
        List<Endpoint> endpoints, PeakEwma spec, RandomGenerator random, Ticker ticker)
        implements Balancer {
    @Override
    public Endpoint choose(long hash, int attempt) {
        long now = ticker.nanoTime();
        Endpoint best = draw();
        double least = cost(best, now);
        for (int i = 1; i < spec.choices() && endpoints.size() > 1; i++) {
            Endpoint other = draw();
            double cost = cost(other, now);
            if (cost < least) {
                best = other;
                least = cost;
            }
        }
        return best;
    }

    private double cost(Endpoint endpoint, long now) {
        double expected =
                endpoint.load()
                        .latency()
                        .expected(now, spec.decay().toNanos(), spec.defaultRtt().toNanos());
        return expected * (endpoint.load().active() + 1.0) / endpoint.weight();
    }

    private Endpoint draw() {
        return endpoints.get(random.nextInt(endpoints.size()));
    }
}
