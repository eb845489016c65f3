package dev.sluice.proxy.snapshot;

import java.util.List;

/**
 * A listening socket and what is done with its connections (Envoy {@code Listener}). Immutable.
 *
 * @param name unique among listeners
 * @param address where it binds
 * @param chains what connections get; the first that matches, at least one
 */
public record ListenerSpec(String name, SocketAddressSpec address, List<FilterChainSpec> chains) {
    public ListenerSpec {
        chains = List.copyOf(chains);
    }
}
