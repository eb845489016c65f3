package dev.sluice.proxy.pool;

import dev.sluice.proxy.exchange.ClientConnection;
import dev.sluice.proxy.exchange.StreamReset;

/**
 * Waits for a connection. Exactly one of {@link #onReady} and {@link #onFailed} follows, on the
 * loop, unless it gave up.
 */
public interface Waiter {
    /** A fault holds it back as a slow endpoint would: the time of one attempt runs from now. */
    default void onHeld() {}

    /** The connection has capacity; the waiter opens its exchange before it returns. */
    void onReady(ClientConnection connection, Lease lease);

    /** None can be had. */
    void onFailed(StreamReset reset);

    /** What is known of the connection that a waiter gets. */
    enum Lease {
        /** It has carried no exchange yet. */
        FRESH,
        /** It was idle or shared before, so the peer may be closing it at this moment. */
        REUSED
    }
}
