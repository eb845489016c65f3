package dev.sluice.proxy.listen;

/** Is told of clients' connections, on their loops; must not block. Thread-safe. */
public interface ConnectionObserver {
    void opened(String listener);

    void closed(String listener);

    /**
     * A TLS handshake with a client failed; the connection is closed too.
     *
     * @param reason in a few words
     */
    void handshakeFailed(String listener, String reason);
}
