package dev.sluice.proxy.codec;

import dev.sluice.proxy.exchange.PeerCertificate;
import java.util.Optional;

/**
 * What TLS found out about a connection before HTTP began. Immutable.
 *
 * @param secure TLS is on
 * @param certificate of the client, when it showed one and it was found good
 * @param serverName name asked for (SNI)
 */
public record TransportSecurity(
        boolean secure, Optional<PeerCertificate> certificate, Optional<String> serverName) {
    /** No TLS. */
    public static final TransportSecurity CLEAR =
            new TransportSecurity(false, Optional.empty(), Optional.empty());
}
