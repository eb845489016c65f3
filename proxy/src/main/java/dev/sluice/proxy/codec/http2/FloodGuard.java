package dev.sluice.proxy.codec.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DecoratingHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2LifecycleManager;
import org.jspecify.annotations.Nullable;

/**
 * Counts the control frames that a peer makes this side send and that still wait: answers to PING
 * and SETTINGS, and RST_STREAM. A peer that asks for many and reads none would fill the memory, so
 * over the limit the connection ends with ENHANCE_YOUR_CALM. Loop-owned.
 */
final class FloodGuard extends DecoratingHttp2ConnectionEncoder {
    private static final int MOST_WAITING = 1000;

    private @Nullable Http2LifecycleManager lifecycle;
    private @Nullable FrameAllowance allowance;
    private int waiting;
    private boolean tripped;

    FloodGuard(Http2ConnectionEncoder encoder) {
        super(encoder);
    }

    /** What the peer may send on this connection; DATA sent to it counts for it. */
    FrameAllowance allowance(ChannelHandlerContext context) {
        FrameAllowance known = allowance;
        if (known == null) {
            known = new FrameAllowance(context.executor().ticker());
            allowance = known;
        }
        return known;
    }

    @Override
    public ChannelFuture writeData(
            ChannelHandlerContext context,
            int streamId,
            ByteBuf data,
            int padding,
            boolean endOfStream,
            ChannelPromise promise) {
        if (allowance != null) {
            allowance.dataSent(data.readableBytes());
        }
        return super.writeData(context, streamId, data, padding, endOfStream, promise);
    }

    @Override
    public void lifecycleManager(Http2LifecycleManager manager) {
        lifecycle = manager;
        super.lifecycleManager(manager);
    }

    @Override
    public ChannelFuture writeSettingsAck(ChannelHandlerContext context, ChannelPromise promise) {
        return super.writeSettingsAck(context, counted(context, promise));
    }

    @Override
    public ChannelFuture writePing(
            ChannelHandlerContext context, boolean ack, long data, ChannelPromise promise) {
        return super.writePing(context, ack, data, ack ? counted(context, promise) : promise);
    }

    @Override
    public ChannelFuture writeRstStream(
            ChannelHandlerContext context, int streamId, long error, ChannelPromise promise) {
        return super.writeRstStream(context, streamId, error, counted(context, promise));
    }

    private ChannelPromise counted(ChannelHandlerContext context, ChannelPromise promise) {
        waiting++;
        Http2LifecycleManager manager = lifecycle;
        if (waiting > MOST_WAITING && !tripped && manager != null) {
            tripped = true;
            manager.onError(
                    context,
                    /* outbound= */ true,
                    Http2Exception.connectionError(
                            Http2Error.ENHANCE_YOUR_CALM,
                            "%s control frames wait (expected: at most %s)",
                            waiting,
                            MOST_WAITING));
        }
        ChannelPromise known = promise.unvoid();
        known.addListener(future -> waiting--);
        return known;
    }
}
