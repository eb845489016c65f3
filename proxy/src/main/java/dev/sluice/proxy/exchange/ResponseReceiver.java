package dev.sluice.proxy.exchange;

/** Takes the answer of one upstream exchange. Loop-owned; calls come in the order of the wire. */
public interface ResponseReceiver {
    /** An interim response (1xx but 101); any number, before the final head. */
    void onInterim(ResponseHead head);

    /**
     * The final head.
     *
     * @param body to be started unless {@code ended}
     * @param ended neither body nor trailers follow
     */
    void onHead(ResponseHead head, BodySource body, boolean ended);

    /** No final head will come. After {@link #onHead} the body's receiver is told instead. */
    void onFailed(StreamReset reset);
}
