package dev.sluice.proxy.pool;

import dev.sluice.proxy.exchange.ClientConnection;
import dev.sluice.proxy.exchange.RefusalObserver.Worn;
import dev.sluice.proxy.exchange.StreamReset;

/** Opens connections to endpoints of one cluster, all on one event loop. Loop-owned. */
public interface Connector {
    /** Starts to connect; one call to the receiver follows on the loop, later than this call. */
    void connect(Way way, Receiver receiver);

    /**
     * How many exchanges a connection is expected to carry at once, before its peer has said so: 1
     * for HTTP/1.1, more for HTTP/2.
     */
    int expectedCapacity();

    /** A connection ends since it has carried enough, or has grown old. */
    default void worn(Worn worn) {}

    /** Takes the result of one {@link #connect}. */
    interface Receiver {
        void onConnected(ClientConnection connection);

        /** There will be no connection. */
        void onFailed(StreamReset reset);
    }
}
