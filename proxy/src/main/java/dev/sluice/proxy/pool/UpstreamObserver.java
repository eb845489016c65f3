package dev.sluice.proxy.pool;

import dev.sluice.proxy.exchange.Flood;
import dev.sluice.proxy.exchange.RefusalObserver.Worn;

/**
 * Is told what becomes of connections to upstreams, those of health checks included, on their
 * loops; must not block. Thread-safe.
 */
@FunctionalInterface
public interface UpstreamObserver {
    /** A connection of HTTP/2 was ended for what its endpoint sent too much of. */
    void flooded(Flood flood);

    /** A connection ends since it has carried enough, or has grown old. */
    default void worn(Worn worn) {}
}
