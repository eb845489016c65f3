package dev.sluice.proxy.exchange;

/**
 * Takes the exchanges of one connection, each as soon as its head is complete; the path implements
 * it. Loop-owned.
 */
@FunctionalInterface
public interface ServerStreamHandler {
    void onStream(ServerStream stream);
}
