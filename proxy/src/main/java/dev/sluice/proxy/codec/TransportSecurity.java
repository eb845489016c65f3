package dev.sluice.proxy.codec;

import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.exchange.PeerCertificate;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;

/**
 * What is known of a connection before its protocol begins. Immutable.
 *
 * @param secure TLS is on
 * @param certificate of the client, when it showed one and it was found good
 * @param serverName name asked for (SNI)
 * @param told addresses that somebody in between told; absent: the channel's own hold
 */
public record TransportSecurity(
        boolean secure,
        Optional<PeerCertificate> certificate,
        Optional<String> serverName,
        Optional<Addresses> told) {
    /** No TLS, and the channel's own addresses. */
    public static final TransportSecurity CLEAR =
            new TransportSecurity(false, Optional.empty(), Optional.empty(), Optional.empty());

    private static final InetSocketAddress UNKNOWN = InetSocketAddress.createUnresolved("", 0);

    /**
     * The two ends, as a PROXY protocol header or the kernel told them.
     *
     * @param remote the client
     * @param local what it reached
     */
    public record Addresses(InetSocketAddress remote, InetSocketAddress local) {}

    /** This, between other addresses than the channel's. */
    public TransportSecurity between(InetSocketAddress remote, InetSocketAddress local) {
        return new TransportSecurity(
                secure, certificate, serverName, Optional.of(new Addresses(remote, local)));
    }

    /** This, with TLS. */
    public TransportSecurity secured(Optional<PeerCertificate> shown, Optional<String> askedFor) {
        return new TransportSecurity(true, shown, askedFor, told);
    }

    /** The client's address. */
    public InetSocketAddress remote(Channel channel) {
        return told.map(Addresses::remote).orElseGet(() -> address(channel.remoteAddress()));
    }

    /** The ends of the connection itself, whatever somebody in between has told. */
    public static Peer.Direct direct(Channel channel) {
        return new Peer.Direct(address(channel.remoteAddress()), address(channel.localAddress()));
    }

    /** What the client reached. */
    public InetSocketAddress local(Channel channel) {
        return told.map(Addresses::local).orElseGet(() -> address(channel.localAddress()));
    }

    /** Where the client wanted to go, when somebody in between has told. */
    public Optional<InetSocketAddress> destination() {
        return told.map(Addresses::local);
    }

    private static InetSocketAddress address(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet : UNKNOWN;
    }
}
