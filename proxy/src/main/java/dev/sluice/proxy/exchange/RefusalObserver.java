package dev.sluice.proxy.exchange;

import java.util.Locale;

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

    /** What a connection has had enough of. */
    enum Worn {
        /** Exchanges ({@code max_requests_per_connection}). */
        REQUESTS,
        /** Time ({@code max_connection_duration}). */
        DURATION;

        /** Value of the label {@code limit}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A connection ends since it has carried enough, or has grown old. */
    default void worn(Peer peer, Worn worn) {}

    /** A connection of HTTP/2 was ended for what its peer sent too much of. */
    default void flooded(Peer peer, Flood flood) {}
}
