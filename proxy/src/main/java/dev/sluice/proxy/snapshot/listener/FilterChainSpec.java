package dev.sluice.proxy.snapshot.listener;

import dev.sluice.proxy.snapshot.tls.DownstreamTlsSpec;
import java.time.Duration;
import java.util.Optional;

/**
 * What is done with a connection (Envoy {@code FilterChain}). Immutable.
 *
 * @param name unique in the listener
 * @param match which connections it is for; the default chain's is not looked at
 * @param limit how many connections it has at once; absent: any number
 * @param filter the terminal network filter
 * @param tls with the clients; absent: plain text
 * @param handshakeTimeout of TLS; default 15 s (Envoy's is none); zero turns it off
 */
public record FilterChainSpec(
        String name,
        FilterChainMatchSpec match,
        Optional<ConnectionLimitSpec> limit,
        NetworkFilterSpec filter,
        Optional<DownstreamTlsSpec> tls,
        Duration handshakeTimeout) {
    /** A client that has not finished its handshake by then is cut off. */
    public static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(15);

    /** This as a listener's default chain, which has a name that no other can have. */
    public FilterChainSpec asDefault() {
        return new FilterChainSpec("(default)", match, limit, filter, tls, handshakeTimeout);
    }
}
