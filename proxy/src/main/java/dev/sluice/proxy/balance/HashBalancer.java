package dev.sluice.proxy.balance;

import dev.sluice.proxy.endpoint.Endpoint;

/** The owner of the request's hash. Immutable. */
record HashBalancer(HashTable table) implements Balancer {
    @Override
    public Endpoint choose(long hash, int attempt) {
        return table.owner(hash, attempt);
    }
}
