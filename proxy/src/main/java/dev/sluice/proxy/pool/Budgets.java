package dev.sluice.proxy.pool;

import dev.sluice.proxy.snapshot.ClusterSpec.CircuitBreakers;

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
        return new Budgets(
                new Budget(limits.maxConnections()),
                new Budget(limits.maxPendingRequests()),
                new Budget(limits.maxRequests()),
                new Budget(limits.maxRetries()));
    }
}
