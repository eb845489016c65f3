package dev.sluice.proxy.exchange;

/**
 * Is told of each request that a codec refused itself, on the loop of its connection; must not
 * block. Thread-safe.
 */
@FunctionalInterface
public interface RefusalObserver {
    /**
     * A request was refused.
     *
     * @param peer who sent it
     * @param refusal why
     */
    void refused(Peer peer, CodecRefusal refusal);

    /** A connection of HTTP/2 was ended for what its peer sent too much of. */
    default void flooded(Peer peer, Flood flood) {}
}
