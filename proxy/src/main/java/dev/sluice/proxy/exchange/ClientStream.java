package dev.sluice.proxy.exchange;

/**
 * One exchange with an upstream whose request head has been handed to the client codec. Loop-owned.
 */
public interface ClientStream {
    /** Where the request's body goes; takes nothing when the head ended the request. */
    BodySink requestBody();

    /**
     * Gives the exchange up; the receiver is not called again. RST_STREAM, or the connection
     * closes.
     */
    void cancel(StreamReset reset);
}
