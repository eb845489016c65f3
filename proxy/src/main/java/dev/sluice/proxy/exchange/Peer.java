package dev.sluice.proxy.exchange;

import dev.sluice.proxy.observe.LogFacts;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * The other end of a connection. Immutable.
 *
 * @param remote address of the client: the direct peer's, or what a PROXY protocol header says
 * @param local address it reached
 * @param protocol spoken on the connection
 * @param secure TLS is on
 * @param certificate of the client, when it showed one and it was found good
 * @param serverName name asked for in TLS (SNI)
 * @param redirected whether {@code local} is where the client wanted to go, by what the kernel or a
 *     PROXY protocol header says, and not an address of this proxy
 * @param direct ends of the connection itself, whatever a header or the kernel says
 */
public record Peer(
        InetSocketAddress remote,
        InetSocketAddress local,
        HttpProtocol protocol,
        boolean secure,
        Optional<PeerCertificate> certificate,
        Optional<String> serverName,
        boolean redirected,
        Direct direct) {
    /**
     * Ends of a connection as its socket has them.
     *
     * @param remote address of the direct peer
     * @param local address of this proxy
     */
    public record Direct(InetSocketAddress remote, InetSocketAddress local) {}

    /** A peer that reached this proxy itself and wanted to. */
    public Peer(
            InetSocketAddress remote,
            InetSocketAddress local,
            HttpProtocol protocol,
            boolean secure,
            Optional<PeerCertificate> certificate,
            Optional<String> serverName) {
        this(
                remote,
                local,
                protocol,
                secure,
                certificate,
                serverName,
                /* redirected= */ false,
                new Direct(remote, local));
    }

    /** Its addresses as access logs know them. */
    public LogFacts.Ends ends() {
        return new LogFacts.Ends(local, direct.remote(), direct.local());
    }

    /** SPIFFE id or first DNS name of the verified client certificate. */
    public Optional<String> identity() {
        return certificate.flatMap(PeerCertificate::identity);
    }
}
