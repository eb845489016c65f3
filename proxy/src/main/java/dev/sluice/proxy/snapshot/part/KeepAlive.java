package dev.sluice.proxy.snapshot.part;

import java.time.Duration;

/**
 * Pings of connections of HTTP/2 (Envoy {@code KeepaliveSettings}). Immutable.
 *
 * @param interval between an answer and the next ping, positive
 * @param timeout for an answer, after which the connection is closed; positive
 * @param jitter most that is added to an interval, as a part of it; 0..1
 */
public record KeepAlive(Duration interval, Duration timeout, double jitter) {}
