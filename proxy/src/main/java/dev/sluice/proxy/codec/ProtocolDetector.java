package dev.sluice.proxy.codec;

import dev.sluice.proxy.exchange.ServerConnection;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2CodecUtil;

/**
 * Looks at the first bytes of a connection: the preface of HTTP/2 (RFC 9113 section 3.4), or
 * HTTP/1.1 as soon as one byte differs. Then it hands over and leaves the pipeline. Loop-owned.
 */
final class ProtocolDetector extends FirstBytes {
    private static final ByteBuf PREFACE =
            Unpooled.unreleasableBuffer(Http2CodecUtil.connectionPrefaceBuf());

    private final ServerCodec codec;
    private final HttpConnectionManagerSpec spec;
    private final TransportSecurity security;

    ProtocolDetector(
            ServerCodec codec, HttpConnectionManagerSpec spec, TransportSecurity security) {
        this.codec = codec;
        this.spec = spec;
        this.security = security;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        super.handlerAdded(context);
        context.channel().config().setAutoRead(false);
        if (context.channel().isActive()) {
            begin(context);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        begin(context);
        context.fireChannelActive();
    }

    private void begin(ChannelHandlerContext context) {
        limit(context, spec.timeouts().idle(), this::close);
        context.read();
    }

    @Override
    public void onBytes(ChannelHandlerContext context) {
        ByteBuf seen = seen();
        int known = Math.min(seen.readableBytes(), PREFACE.readableBytes());
        boolean preface = seen.slice(seen.readerIndex(), known).equals(PREFACE.slice(0, known));
        if (!preface) {
            handOver(context, codec.http1(context.channel(), security));
        } else if (known == PREFACE.readableBytes()) {
            handOver(context, codec.http2(context.channel(), security));
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.read();
        context.fireChannelReadComplete();
    }

    private <T extends ChannelHandler & ServerConnection> void handOver(
            ChannelHandlerContext context, T handler) {
        stopTimer();
        becomes(handler);
        context.pipeline().addAfter(context.name(), null, handler);
        passOn(context);
    }
}
