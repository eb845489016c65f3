package dev.sluice.proxy.balance;

import dev.sluice.proxy.endpoint.Endpoint;

/** Chooses an endpoint for a request, among endpoints that do not change. Loop-owned. */
sealed interface Balancer
        permits RoundRobinBalancer,
                LeastRequestBalancer,
                RandomBalancer,
                PeakEwmaBalancer,
                HashBalancer,
                LocalityBalancer {
    /**
     * The endpoint of a request.
     *
     * @param hash of the request, or random where it has none
     * @param attempt 0.., counts what was chosen for the request before and avoided
     */
    Endpoint choose(long hash, int attempt);
}
