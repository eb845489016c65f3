package dev.sluice.proxy.exchange;

/**
 * The incoming body of one message. Nothing is delivered before {@link #start}; until then, and
 * while paused, the codec stops reading from the peer (HTTP/1.1) or gives no window back (HTTP/2),
 * so that at most one socket read or one stream window waits in memory. Loop-owned.
 */
public interface BodySource {
    /** Starts delivery, what has come already first. Once. */
    void start(BodyReceiver receiver);

    /** Stops delivery soon: a part already read may still come. */
    void pause();

    /** Goes on after {@link #pause}. */
    void resume();

    /**
     * Gives the rest up: no further call reaches the receiver, and the peer is told (RST_STREAM;
     * HTTP/1.1 closes its connection unless the body had ended).
     */
    void cancel(StreamReset reset);
}
