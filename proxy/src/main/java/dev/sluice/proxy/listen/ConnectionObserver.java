package dev.sluice.proxy.listen;

/** Is told of clients' connections, on their loops; must not block. Thread-safe. */
public interface ConnectionObserver {
    void opened(String listener);

    void closed(String listener);
}
