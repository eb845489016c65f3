package dev.sluice.proxy.snapshot.listener;

import dev.sluice.proxy.snapshot.runtime.RuntimeFlag;
import java.time.Duration;

/**
 * How many connections a filter chain has at once (Envoy {@code ConnectionLimit}). Immutable.
 *
 * @param connections 1..
 * @param enabled whether there is a limit at all; default true
 * @param delay for which a connection over the limit is held before it is closed; default 0
 */
public record ConnectionLimitSpec(long connections, RuntimeFlag enabled, Duration delay) {}
