package dev.sluice.proxy.call;

/** What became of a call. Immutable. */
public sealed interface CallAnswer {
    /**
     * The whole answer came.
     *
     * @param status of HTTP
     * @param grpcStatus in head or trailers; -1 when there is none
     * @param body as UTF-8; empty where it was not looked at
     */
    record Answered(int status, int grpcStatus, String body) implements CallAnswer {}

    /**
     * It did not.
     *
     * @param why one line
     */
    record Failed(String why) implements CallAnswer {}
}
