package dev.sluice.proxy.codec;

import dev.sluice.proxy.exchange.ServerConnection;
import dev.sluice.proxy.snapshot.HttpConnectionManagerSpec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the first bytes of a connection: the preface of HTTP/2 (RFC 9113 section 3.4), or
 * HTTP/1.1 as soon as one byte differs. Then it hands over and leaves the pipeline. Loop-owned.
 */
final class ProtocolDetector extends ChannelInboundHandlerAdapter implements ServerConnection {
    private static final ByteBuf PREFACE =
            Unpooled.unreleasableBuffer(Http2CodecUtil.connectionPrefaceBuf());

    private final ServerCodec codec;
    private final HttpConnectionManagerSpec spec;
    private final TransportSecurity security;
    private ByteBuf seen = Unpooled.EMPTY_BUFFER;
    private @Nullable Channel channel;
    private @Nullable Future<?> timeout;
    private @Nullable ServerConnection detected;

    ProtocolDetector(
            ServerCodec codec, HttpConnectionManagerSpec spec, TransportSecurity security) {
        this.codec = codec;
        this.spec = spec;
        this.security = security;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
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
        Duration idle = spec.timeouts().idle();
        if (!idle.isZero() && timeout == null) {
            timeout =
                    context.executor().schedule(this::close, idle.toNanos(), TimeUnit.NANOSECONDS);
        }
        context.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        seen =
                seen.isReadable()
                        ? ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(
                                context.alloc(), seen, bytes)
                        : bytes;
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
        stopTimeout();
        detected = handler;
        ByteBuf bytes = seen;
        seen = Unpooled.EMPTY_BUFFER;
        context.pipeline().addAfter(context.name(), null, handler);
        context.fireChannelRead(bytes);
        context.pipeline().remove(this);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            var unused = context.close();
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        var unused = context.close();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        stopTimeout();
        seen.release();
        seen = Unpooled.EMPTY_BUFFER;
    }

    private void stopTimeout() {
        Future<?> running = timeout;
        if (running != null) {
            running.cancel(/* mayInterruptIfRunning= */ false);
        }
    }

    @Override
    public void drain() {
        ServerConnection connection = detected;
        if (connection == null) {
            close();
        } else {
            connection.drain();
        }
    }

    @Override
    public void close() {
        ServerConnection connection = detected;
        Channel own = channel;
        if (connection != null) {
            connection.close();
        } else if (own != null) {
            var unused = own.close();
        }
    }

    @Override
    public int active() {
        ServerConnection connection = detected;
        return connection == null ? 0 : connection.active();
    }
}
