package dev.sluice.proxy.exchange;

import io.netty.buffer.ByteBuf;

/**
 * The outgoing body of one message; the head has been given already. Exactly one call is the last:
 * {@code data} with {@code last}, {@code trailers}, or {@code reset}; calls after the last are
 * ignored and release their buffer. Loop-owned. Bytes are flushed by the codec at the end of the
 * current read of the loop, or at once when nothing is being read.
 *
 * <h2>Reference counting</h2>
 *
 * A buffer belongs to the sink from the call on.
 */
public interface BodySink {
    /**
     * Sends a part.
     *
     * @param last ends the message
     */
    void data(ByteBuf data, boolean last);

    /** Ends the message with trailers; where the peer cannot take trailers they are left out. */
    void trailers(HeaderBlock trailers);

    /**
     * Ends the message badly: RST_STREAM, or the connection is closed without its terminating
     * bytes.
     */
    void reset(StreamReset reset);

    /**
     * False while more than the high watermark waits to be sent; the caller should then pause its
     * source.
     */
    boolean isWritable();

    /**
     * Called on the loop whenever {@link #isWritable} becomes true again. Replaces the callback
     * before.
     */
    void onWritable(Runnable callback);
}
