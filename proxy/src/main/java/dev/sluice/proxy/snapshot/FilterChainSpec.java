package dev.sluice.proxy.snapshot;

/**
 * What is done with a connection (Envoy {@code FilterChain}). Immutable.
 *
 * @param filter the terminal network filter
 */
public record FilterChainSpec(NetworkFilterSpec filter) {}
