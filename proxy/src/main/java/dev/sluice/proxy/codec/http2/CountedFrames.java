package dev.sluice.proxy.codec.http2;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Settings;

/** Counts what a peer may send only so much of, on its way to the decoder. Loop-owned. */
final class CountedFrames extends Http2FrameListenerDecorator {
    private final FrameAllowance allowance;

    CountedFrames(Http2FrameListener to, FrameAllowance allowance) {
        super(to);
        this.allowance = allowance;
    }

    @Override
    public void onPriorityRead(
            ChannelHandlerContext context,
            int streamId,
            int dependency,
            short weight,
            boolean exclusive)
            throws Http2Exception {
        allowance.priority();
        super.onPriorityRead(context, streamId, dependency, weight, exclusive);
    }

    @Override
    public void onWindowUpdateRead(ChannelHandlerContext context, int streamId, int increment)
            throws Http2Exception {
        allowance.windowUpdate();
        super.onWindowUpdateRead(context, streamId, increment);
    }

    @Override
    public void onPingRead(ChannelHandlerContext context, long data) throws Http2Exception {
        allowance.asks();
        super.onPingRead(context, data);
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings)
            throws Http2Exception {
        allowance.asks();
        super.onSettingsRead(context, settings);
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext context, int streamId, long code)
            throws Http2Exception {
        allowance.reset();
        super.onRstStreamRead(context, streamId, code);
    }
}
