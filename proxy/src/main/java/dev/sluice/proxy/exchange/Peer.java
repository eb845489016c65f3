package dev.sluice.proxy.exchange;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * The other end of a connection. Immutable.
 *
 * @param remote address of the direct peer
 * @param local address it reached
 * @param protocol spoken on the connection
 * @param secure TLS is on
 * @param certificate of the client, when it showed one and it was found good
 * @param serverName name asked for in TLS (SNI)
 */
public record Peer(
        InetSocketAddress remote,
        InetSocketAddress local,
        HttpProtocol protocol,
        boolean secure,
        Optional<PeerCertificate> certificate,
        Optional<String> serverName) {
    /** SPIFFE id or first DNS name of the verified client certificate. */
    public Optional<String> identity() {
        return certificate.flatMap(PeerCertificate::identity);
    }
}
