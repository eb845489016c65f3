package dev.sluice.proxy.snapshot.tls;

import java.time.Duration;

/**
 * TLS with clients (Envoy {@code DownstreamTlsContext}). Immutable.
 *
 * @param common with at least one certificate
 * @param client whether a client shows a certificate
 * @param sessionTimeout how long a session may be resumed; zero: the library's default
 */
public record DownstreamTlsSpec(TlsSpec common, ClientCertificate client, Duration sessionTimeout) {
    /** The same, for bytes. */
    public DownstreamTlsSpec carryingBytes() {
        return new DownstreamTlsSpec(common.carryingBytes(), client, sessionTimeout);
    }

    /** Whether a client shows a certificate. */
    public enum ClientCertificate {
        /** Asked for, and judged when it comes, if there are authorities; else not asked for. */
        OPTIONAL,
        REQUIRED
    }
}
