package dev.sluice.proxy.snapshot.listener;

/** What is looked at before a filter chain is chosen (Envoy {@code ListenerFilter}). Immutable. */
public sealed interface ListenerFilterSpec {
    /**
     * A PROXY protocol header comes first, version 1 or 2; without a right one the connection is
     * closed.
     *
     * @param without whether connections may come without it
     */
    record ProxyProtocol(Without without) implements ListenerFilterSpec {}

    /** What becomes of connections without a header. */
    enum Without {
        CLOSED,
        SERVED
    }

    /** The ClientHello says server name and protocols. */
    record TlsInspector() implements ListenerFilterSpec {}

    /** The first bytes say HTTP/1 or HTTP/2 without TLS. */
    record HttpInspector() implements ListenerFilterSpec {}

    /** The kernel says where a redirected connection was going (Linux {@code SO_ORIGINAL_DST}). */
    record OriginalDst() implements ListenerFilterSpec {}
}
