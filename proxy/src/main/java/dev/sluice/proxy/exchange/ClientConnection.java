package dev.sluice.proxy.exchange;

import java.net.SocketAddress;

/**
 * A connection to an upstream that carries exchanges: one at a time (HTTP/1.1) or many (HTTP/2).
 * Made by the codec, kept by the pool, never used off its event loop. Loop-owned.
 */
public interface ClientConnection {
    /**
     * Starts an exchange. Allowed only while {@link #capacity} is above 0.
     *
     * @param head sent at once
     * @param ended neither body nor trailers follow
     */
    ClientStream open(RequestHead head, boolean ended, ResponseReceiver receiver);

    /**
     * How many more exchanges may start now: 0 when busy, at the peer's limit, closing or closed.
     */
    int capacity();

    /**
     * Whether it can carry a request that asks to change the protocol.
     *
     * @param head that asks for it
     */
    boolean canUpgrade(RequestHead head);

    /** This proxy's end of it. */
    SocketAddress local();

    /** Exchanges under way. */
    int active();

    /** Whether it will never have capacity again: closed, GOAWAY, {@code Connection: close}. */
    boolean isRetired();

    /** Called whenever capacity or retirement may have changed. Replaces the callback before. */
    void onChange(Runnable callback);

    /** Closes when the exchanges under way are done; no new ones. */
    void retire();

    /** Closes at once. */
    void close();
}
