package dev.sluice.proxy.codec;

import java.util.Optional;

/**
 * What TLS found out about a connection before HTTP began. Immutable.
 *
 * @param secure TLS is on
 * @param identity SPIFFE id or first DNS name of the verified client certificate
 * @param serverName name asked for (SNI)
 */
public record TransportSecurity(
        boolean secure, Optional<String> identity, Optional<String> serverName) {
    /** No TLS. */
    public static final TransportSecurity CLEAR =
            new TransportSecurity(false, Optional.empty(), Optional.empty());
}
