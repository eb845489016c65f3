package dev.sluice.proxy.listen;

/** Is told of clients' connections, on their loops; must not block. Thread-safe. */
public interface ConnectionObserver {
    void opened(String listener);

    void closed(String listener);

    /**
     * A connection was closed before a protocol began: a listener filter refused it, or no filter
     * chain fits.
     *
     * @param reason in a few words
     */
    void refused(String listener, String reason);

    /**
     * A TLS handshake with a client failed; the connection is closed too.
     *
     * @param reason in a few words
     */
    void handshakeFailed(String listener, String reason);
}
