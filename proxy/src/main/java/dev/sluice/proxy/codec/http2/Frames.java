package dev.sluice.proxy.codec.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * Writes the frames of one connection; all that is written until the loop has handled its ready
 * sockets is flushed at once. Loop-owned.
 */
final class Frames {
    private final Http2ConnectionHandler handler;
    private final ChannelHandlerContext context;
    private final Runnable flush = this::flush;
    private boolean flushPlanned;

    Frames(Http2ConnectionHandler handler, ChannelHandlerContext context) {
        this.handler = handler;
        this.context = context;
    }

    ChannelHandlerContext context() {
        return context;
    }

    ChannelPromise promise() {
        return context.newPromise();
    }

    ChannelFuture headers(int streamId, Http2Fields fields, boolean last) {
        planFlush();
        return handler.encoder()
                .writeHeaders(context, streamId, fields, 0, last, context.newPromise());
    }

    ChannelFuture data(int streamId, ByteBuf data, boolean last, ChannelPromise sent) {
        planFlush();
        return handler.encoder().writeData(context, streamId, data, 0, last, sent);
    }

    /** Ends the stream behind what its peer's window takes of what waits; the rest is dropped. */
    void reset(int streamId, Http2Error error) {
        planFlush();
        try {
            handler.encoder().flowController().writePendingBytes();
        } catch (Http2Exception e) {
            handler.onError(context, /* outbound= */ true, e);
        }
        var unused = handler.resetStream(context, streamId, error.code(), context.newPromise());
    }

    /** Gives window back, unless the stream has gone, which gives all of it back. */
    void consume(int streamId, int bytes) {
        Http2Stream stream = handler.connection().stream(streamId);
        if (stream == null) {
            return;
        }
        try {
            if (handler.connection().local().flowController().consumeBytes(stream, bytes)) {
                planFlush();
            }
        } catch (Http2Exception e) {
            handler.onError(context, /* outbound= */ false, e);
        }
    }

    void planFlush() {
        if (!flushPlanned) {
            flushPlanned = true;
            context.executor().execute(flush);
        }
    }

    private void flush() {
        flushPlanned = false;
        handler.flush(context);
    }
}
