package dev.sluice.proxy.pool;

import dev.sluice.proxy.snapshot.cluster.ClusterSpec.CircuitBreakers;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec.RetryLimit;

/**
 * What one cluster may have at once over the whole proxy (Envoy circuit breakers, default
 * priority). Thread-safe.
 *
 * @param connections open or being opened
 * @param pending requests that wait for a connection
 * @param requests under way
 * @param retries under way
 */
public record Budgets(Budget connections, Budget pending, Budget requests, Budget retries) {
    /** Full budgets of these limits. */
    public static Budgets of(CircuitBreakers limits) {
        Budget pending = new Budget(limits.maxPendingRequests());
        Budget requests = new Budget(limits.maxRequests());
        Budget retries =
                switch (limits.retries()) {
                    case RetryLimit.Fixed(int most) -> new Budget(most);
                    case RetryLimit.Budget(double percent, int least) ->
                            new Budget(
                                    () -> share(requests.used() + pending.used(), percent, least));
                };
        return new Budgets(new Budget(limits.maxConnections()), pending, requests, retries);
    }

    private static int share(int requests, double percent, int least) {
        return Math.max(least, (int) (requests * percent / 100));
    }
}
