package dev.sluice.proxy.exchange;

/**
 * Why a message ended before its end. Immutable.
 *
 * @param cause who ended it and how
 * @param unprocessed the peer is known not to have acted on the request (REFUSED_STREAM, above
 *     GOAWAY's last stream, or no byte left this process), so that any request may be repeated
 * @param detail one line for the log, such as the HTTP/2 error code
 */
public record StreamReset(Cause cause, boolean unprocessed, String detail) {
    /** Who ended a message. */
    public enum Cause {
        /** The peer reset the stream, or a client's connection ended within a message. */
        PEER_RESET,
        /** No connection could be made. */
        CONNECT_FAILED,
        /** An upstream's connection broke or was closed before its answer was complete. */
        CONNECTION_LOST,
        /** What the peer sent breaks the protocol. */
        PROTOCOL_ERROR,
        /** A limit of this proxy was reached: pending streams, connections, buffered bytes. */
        OVERFLOW,
        /** This side gave up: the other half failed, a timeout, a drain. */
        LOCAL
    }

    /** This side gave up; the peer may have acted on what it has. */
    public static StreamReset local(String detail) {
        return new StreamReset(Cause.LOCAL, /* unprocessed= */ false, detail);
    }
}
