package dev.sluice.proxy.snapshot.listener;

import java.time.Duration;

/**
 * How many connections a filter chain has at once (Envoy {@code ConnectionLimit}). Immutable.
 *
 * @param connections 1..
 * @param delay for which a connection over the limit is held before it is closed; default 0
 */
public record ConnectionLimitSpec(long connections, Duration delay) {}
