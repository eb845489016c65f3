package dev.sluice.proxy.balance;

import dev.sluice.proxy.endpoint.Endpoint;
import dev.sluice.proxy.endpoint.Endpoint.Availability;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec.SlowStart;
import io.netty.util.concurrent.Ticker;
import java.util.List;
import java.util.Optional;

/**
 * The weight of an endpoint now: less than configured while it has been healthy for less than the
 * window, namely times max(least share, (time / window)^(1 / aggression)), as in Envoy. Immutable.
 */
record SlowStartWeight(Optional<SlowStart> spec, Ticker ticker) {
    double of(Endpoint endpoint) {
        return spec.isEmpty() || endpoint.availability() != Availability.HEALTHY
                ? endpoint.weight()
                : endpoint.weight() * factor(spec.get(), endpoint.health().healthySince());
    }

    /** Whether all of these have, and go on to have, the same weight. */
    boolean isEqual(List<Endpoint> endpoints) {
        return spec.isEmpty()
                && endpoints.stream().mapToInt(Endpoint::weight).distinct().count() == 1;
    }

    private double factor(SlowStart start, long since) {
        double share = (double) (ticker.nanoTime() - since) / start.window().toNanos();
        return share >= 1
                ? 1
                : Math.max(
                        start.leastShare(), Math.pow(Math.max(0, share), 1 / start.aggression()));
    }
}
