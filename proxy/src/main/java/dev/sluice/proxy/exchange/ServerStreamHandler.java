package dev.sluice.proxy.exchange;

/**
 * Takes the exchanges of one connection, each as soon as its head is complete; the path implements
 * it. Loop-owned.
 */
@FunctionalInterface
public interface ServerStreamHandler {
    void onStream(ServerStream stream);

    /**
     * What the answer to a request that the codec refuses itself says in {@code proxy-status} (RFC
     * 9209); empty: the answer has no such header.
     */
    default String proxyStatus(CodecRefusal refusal) {
        return "";
    }
}
