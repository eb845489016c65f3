package dev.sluice.proxy.filter;

/**
 * One HTTP filter of a listener with the settings of one route. It answers with a value and never
 * touches the exchange; the chain does what the value says. Thread-safe: all loops share it, as
 * they share its state (a token bucket, keys).
 */
@FunctionalInterface
interface HttpFilter {
    FilterAnswer onRequest(FilterRequest request);
}
