package dev.sluice.proxy.codec.http2;

import dev.sluice.proxy.exchange.BodySink;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.StreamReset;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;

/**
 * The body that goes out on one stream. It is writable by what waits on this stream alone, so that
 * one slow reader does not hold up its neighbours. Loop-owned.
 */
final class OutgoingStream implements BodySink {
    /** The stream that the body goes out on. */
    interface Owner {
        /** The last frame is on its way; its promise says when it left. */
        void onLastFrame(ChannelFuture sent);

        /** No more comes, and what was sent is not a whole message. */
        void onSendFailed(StreamReset reset);
    }

    private static final int HIGH_MARK = 64 * 1024;
    private static final int LOW_MARK = 32 * 1024;

    private final Frames frames;
    private final int streamId;
    private final Owner owner;
    private Runnable onWritable = () -> {};
    private int waiting;
    private boolean full;
    private boolean over;

    OutgoingStream(Frames frames, int streamId, Owner owner) {
        this.frames = frames;
        this.streamId = streamId;
        this.owner = owner;
    }

    @Override
    public void data(ByteBuf data, boolean last) {
        if (over || (!data.isReadable() && !last)) {
            data.release();
            return;
        }
        over = last;
        int bytes = data.readableBytes();
        waiting += bytes;
        full |= waiting > HIGH_MARK;
        ChannelPromise sent = frames.promise();
        if (bytes > 0) {
            sent.addListener(future -> left(bytes));
        }
        ChannelFuture future = frames.data(streamId, data, last, sent);
        if (last) {
            owner.onLastFrame(future);
        }
    }

    @Override
    public void trailers(HeaderBlock trailers) {
        if (!over) {
            over = true;
            owner.onLastFrame(
                    frames.headers(streamId, Http2Fields.ofTrailers(trailers), /* last= */ true));
        }
    }

    @Override
    public void reset(StreamReset reset) {
        if (!over) {
            over = true;
            owner.onSendFailed(reset);
        }
    }

    @Override
    public boolean isWritable() {
        return over || !full;
    }

    @Override
    public void onWritable(Runnable callback) {
        onWritable = callback;
    }

    boolean isOver() {
        return over;
    }

    /** What is still given is thrown away and nobody is told. */
    void detach() {
        over = true;
    }

    private void left(int bytes) {
        waiting -= bytes;
        if (full && waiting <= LOW_MARK) {
            full = false;
            if (!over) {
                onWritable.run();
            }
        }
    }
}
