package dev.sluice.proxy.listen;

import dev.sluice.proxy.exchange.ServerConnection;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A connection that is not served: nothing of it is read, and it is closed soon. Loop-owned. */
final class ClosingConnection extends ChannelInboundHandlerAdapter implements ServerConnection {
    private final Channel channel;

    ClosingConnection(Channel channel, Duration delay) {
        this.channel = channel;
        channel.config().setAutoRead(false);
        var unused =
                channel.eventLoop().schedule(this::close, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void drain() {
        close();
    }

    @Override
    public void close() {
        var unused = channel.close();
    }

    @Override
    public int active() {
        return 0;
    }
}
