package dev.sluice.proxy.exchange;

import io.netty.buffer.ByteBuf;

/**
 * Takes the parts of one message body in order, on the event loop of its connection. Exactly one
 * call is the last: {@code onData} with {@code last}, {@code onTrailers}, or {@code onReset}.
 *
 * <h2>Reference counting</h2>
 *
 * A buffer belongs to the receiver from the call on.
 */
public interface BodyReceiver {
    /**
     * A part of the body.
     *
     * @param data readable bytes, possibly none; the receiver releases it
     * @param last no more parts and no trailers follow
     */
    void onData(ByteBuf data, boolean last);

    /** The end of a body with trailers. */
    void onTrailers(HeaderBlock trailers);

    /** The body ended too early; what came so far is not a whole message. */
    void onReset(StreamReset reset);
}
