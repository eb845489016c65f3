package dev.sluice.proxy.codec.http2;

import dev.sluice.proxy.exchange.Flood;
import dev.sluice.proxy.snapshot.part.FloodLimits;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DecoratingHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2LifecycleManager;
import org.jspecify.annotations.Nullable;

/**
 * Counts the frames that a peer makes this side send and that still wait, above all those of
 * control: answers to PING and SETTINGS, and RST_STREAM. DATA waits by its windows. A peer that
 * asks for many and reads none would fill the memory, so over the limit the connection ends with
 * ENHANCE_YOUR_CALM. Loop-owned.
 */
final class FloodGuard extends DecoratingHttp2ConnectionEncoder {
    private final FloodLimits limits;
    private @Nullable Http2LifecycleManager lifecycle;
    private @Nullable FrameAllowance allowance;
    private int frames;
    private int control;
    private boolean tripped;

    FloodGuard(Http2ConnectionEncoder encoder, FloodLimits limits) {
        super(encoder);
        this.limits = limits;
    }

    /** What the peer may send on this connection; DATA sent to it counts for it. */
    FrameAllowance allowance(ChannelHandlerContext context) {
        FrameAllowance known = allowance;
        if (known == null) {
            known = new FrameAllowance(context.executor().ticker(), limits);
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
        allowance(context).dataSent(data.readableBytes());
        return super.writeData(context, streamId, data, padding, endOfStream, promise);
    }

    @Override
    public void lifecycleManager(Http2LifecycleManager manager) {
        lifecycle = manager;
        super.lifecycleManager(manager);
    }

    @Override
    public ChannelFuture writeSettingsAck(ChannelHandlerContext context, ChannelPromise promise) {
        return super.writeSettingsAck(context, controlled(context, promise));
    }

    @Override
    public ChannelFuture writePing(
            ChannelHandlerContext context, boolean ack, long data, ChannelPromise promise) {
        return super.writePing(context, ack, data, ack ? controlled(context, promise) : promise);
    }

    @Override
    public ChannelFuture writeRstStream(
            ChannelHandlerContext context, int streamId, long error, ChannelPromise promise) {
        return super.writeRstStream(context, streamId, error, controlled(context, promise));
    }

    @Override
    public ChannelFuture writeHeaders(
            ChannelHandlerContext context,
            int streamId,
            Http2Headers headers,
            int padding,
            boolean endStream,
            ChannelPromise promise) {
        if (!connection().isServer() && connection().stream(streamId) == null) {
            allowance(context).streamOpened();
        }
        return super.writeHeaders(
                context, streamId, headers, padding, endStream, counted(context, promise));
    }

    private ChannelPromise controlled(ChannelHandlerContext context, ChannelPromise promise) {
        check(Flood.OUTBOUND_CONTROL, ++control, limits.outboundControl(), context);
        ChannelPromise known = counted(context, promise);
        known.addListener(future -> control--);
        return known;
    }

    private ChannelPromise counted(ChannelHandlerContext context, ChannelPromise promise) {
        check(Flood.OUTBOUND, ++frames, limits.outbound(), context);
        ChannelPromise known = promise.unvoid();
        known.addListener(future -> frames--);
        return known;
    }

    private void check(Flood flood, int waiting, int most, ChannelHandlerContext context) {
        Http2LifecycleManager manager = lifecycle;
        if (waiting > most && !tripped && manager != null) {
            tripped = true;
            manager.onError(
                    context,
                    /* outbound= */ true,
                    new FloodException(flood, "frames wait", waiting, most));
        }
    }
}
