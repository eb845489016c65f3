package dev.sluice.proxy.listen;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * What is known of a connection before its filter chain is chosen. Immutable.
 *
 * @param direct address of the direct peer
 * @param remote address of the client: the direct peer's, or what the PROXY protocol says
 * @param local address that the client reached, or wanted to reach
 * @param told whether these two come from the kernel or a PROXY protocol header, and not from the
 *     connection itself
 * @param transportProtocol {@code tls} or {@code raw_buffer}; Envoy's words
 * @param serverName asked for in TLS, lower case; empty: none
 * @param applicationProtocols that the client offers, or speaks
 */
record ConnectionFacts(
        InetSocketAddress direct,
        InetSocketAddress remote,
        InetSocketAddress local,
        boolean told,
        String transportProtocol,
        String serverName,
        List<String> applicationProtocols) {
    static final String RAW_BUFFER = "raw_buffer";
    static final String TLS = "tls";

    ConnectionFacts {
        applicationProtocols = List.copyOf(applicationProtocols);
    }

    static ConnectionFacts of(InetSocketAddress remote, InetSocketAddress local) {
        return new ConnectionFacts(
                remote, remote, local, /* told= */ false, RAW_BUFFER, "", List.of());
    }

    ConnectionFacts between(InetSocketAddress client, InetSocketAddress reached) {
        return new ConnectionFacts(
                direct,
                client,
                reached,
                /* told= */ true,
                transportProtocol,
                serverName,
                applicationProtocols);
    }

    ConnectionFacts secured(String name, List<String> alpn) {
        return new ConnectionFacts(direct, remote, local, told, TLS, name, alpn);
    }

    ConnectionFacts speaking(String protocol) {
        return new ConnectionFacts(
                direct, remote, local, told, transportProtocol, serverName, List.of(protocol));
    }
}
