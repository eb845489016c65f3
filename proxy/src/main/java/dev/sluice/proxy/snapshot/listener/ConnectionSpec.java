package dev.sluice.proxy.snapshot.listener;

import dev.sluice.proxy.snapshot.part.FloodLimits;
import dev.sluice.proxy.snapshot.part.KeepAlive;
import java.time.Duration;
import java.util.Optional;

/**
 * How long clients' connections live, and what of HTTP/2 they may send that moves nothing.
 * Immutable.
 *
 * @param mostRequests that one connection carries before it is asked to leave; 0: any number
 * @param longest time of one connection before it is asked to leave; zero: none
 * @param floods bounds of cheap frames
 * @param keepAlive absent: no pings
 */
public record ConnectionSpec(
        int mostRequests, Duration longest, FloodLimits floods, Optional<KeepAlive> keepAlive) {
    /** Envoy's defaults. */
    public static final ConnectionSpec DEFAULT =
            new ConnectionSpec(0, Duration.ZERO, FloodLimits.DEFAULT, Optional.empty());
}
