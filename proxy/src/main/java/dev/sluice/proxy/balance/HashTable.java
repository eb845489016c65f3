package dev.sluice.proxy.balance;

import dev.sluice.proxy.endpoint.Endpoint;

/** Owners of hashes. Immutable. */
sealed interface HashTable permits HashRing, MaglevTable {
    /**
     * The owner of a hash.
     *
     * @param attempt 0: the owner; from 1 on others, each attempt another one
     */
    Endpoint owner(long hash, int attempt);

    /**
     * An endpoint and its share.
     *
     * @param endpoint who
     * @param share of all hashes, above 0; all shares make 1
     */
    record Share(Endpoint endpoint, double share) {}
}
