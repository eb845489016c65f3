package dev.sluice.proxy.codec.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameReader;
import org.jspecify.annotations.Nullable;

/** Reads the frames of an upstream, which may send only so much of some. Loop-owned. */
final class CountingReader implements Http2FrameReader {
    private final Http2FrameReader reader;
    private final FloodGuard guard;
    private @Nullable Http2FrameListener seen;
    private @Nullable CountedFrames counted;

    /**
     * @param guard says what an upstream may send
     */
    CountingReader(Http2FrameReader reader, FloodGuard guard) {
        this.reader = reader;
        this.guard = guard;
    }

    @Override
    public void readFrame(ChannelHandlerContext context, ByteBuf input, Http2FrameListener listener)
            throws Http2Exception {
        CountedFrames known = counted;
        if (known == null || seen != listener) {
            known = new CountedFrames(listener, guard.allowance(context));
            counted = known;
            seen = listener;
        }
        reader.readFrame(context, input, known);
    }

    @Override
    public Configuration configuration() {
        return reader.configuration();
    }

    @Override
    public void close() {
        reader.close();
    }
}
