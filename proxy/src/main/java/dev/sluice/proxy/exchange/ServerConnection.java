package dev.sluice.proxy.exchange;

/** A client's connection, as its listener sees it. Loop-owned. */
public interface ServerConnection {
    /**
     * Asks the client to leave: {@code Connection: close} on the next answer, or GOAWAY. Exchanges
     * under way finish; what is left after the drain time of the listener is closed. Repeating it
     * does nothing.
     */
    void drain();

    /** Closes at once; exchanges under way are reset. */
    void close();

    /** Exchanges under way. */
    int active();
}
