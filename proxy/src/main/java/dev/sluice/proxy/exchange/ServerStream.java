package dev.sluice.proxy.exchange;

/**
 * One exchange with a client, as the server codec offers it to the path: a request to read and one
 * answer to give. Loop-owned.
 */
public interface ServerStream {
    /** About the client's connection. */
    Peer peer();

    RequestHead request();

    /**
     * Whether the request has neither body nor trailers; then {@link #requestBody} must not be
     * started.
     */
    boolean requestEnded();

    /** The request's body. */
    BodySource requestBody();

    /** Sends an interim response (1xx but 101); dropped for HTTP/1.0 clients. */
    void interim(ResponseHead head);

    /**
     * Sends the final head and returns where the body goes. Once.
     *
     * @param ended neither body nor trailers follow; the returned sink then takes nothing
     */
    BodySink respond(ResponseHead head, boolean ended);

    /** Ends the exchange without a (further) answer: RST_STREAM or close. */
    void reset(StreamReset reset);

    /** Called once if the client goes away or resets before the exchange is complete. */
    void onClientGone(java.util.function.Consumer<StreamReset> callback);

    /** Asks the client to leave once this exchange is over; see {@link ServerConnection#drain}. */
    void drainConnection();

    /** Called once when both halves are complete and the last byte was handed to the socket. */
    void onComplete(Runnable callback);
}
