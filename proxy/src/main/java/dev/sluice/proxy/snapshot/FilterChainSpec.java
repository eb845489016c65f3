package dev.sluice.proxy.snapshot;

import dev.sluice.proxy.snapshot.tls.DownstreamTlsSpec;
import java.time.Duration;
import java.util.Optional;

/**
 * What is done with a connection (Envoy {@code FilterChain}). Immutable.
 *
 * @param filter the terminal network filter
 * @param tls with the clients; absent: plain text
 * @param handshakeTimeout of TLS; default 15 s (Envoy's is none); zero turns it off
 */
public record FilterChainSpec(
        NetworkFilterSpec filter, Optional<DownstreamTlsSpec> tls, Duration handshakeTimeout) {
    /** A client that has not finished its handshake by then is cut off. */
    public static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(15);
}
