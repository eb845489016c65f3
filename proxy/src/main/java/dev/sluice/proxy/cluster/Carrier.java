package dev.sluice.proxy.cluster;

import dev.sluice.proxy.exchange.HttpProtocol;

/**
 * What a connection to an endpoint is to carry. The protocol of a client is heeded where its
 * cluster follows clients.
 */
public enum Carrier {
    /** Exchanges of clients of HTTP/1, and of this proxy itself. */
    HTTP1,
    /** Exchanges of clients of HTTP/2. */
    HTTP2,
    /** The bytes of one tunnel: CONNECT ends here. */
    TUNNEL;

    /** For exchanges of a client that speaks this. */
    public static Carrier of(HttpProtocol client) {
        return switch (client) {
            case HTTP_1_0, HTTP_1_1 -> HTTP1;
            case HTTP_2 -> HTTP2;
        };
    }
}
