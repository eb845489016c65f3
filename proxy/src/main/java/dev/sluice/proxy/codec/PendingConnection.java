package dev.sluice.proxy.codec;

import dev.sluice.proxy.exchange.ServerConnection;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection before its protocol has begun: until then leaving is closing, afterwards
 * the protocol's handler is asked. Loop-owned.
 */
public abstract class PendingConnection extends ChannelInboundHandlerAdapter
        implements ServerConnection {
    private @Nullable Channel channel;
    private @Nullable ServerConnection next;

    /** From now on it is somebody else's. */
    public final void becomes(ServerConnection connection) {
        next = connection;
    }

    /** Whether it has become somebody else's. */
    public final boolean isOver() {
        return next != null;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
    }

    @Override
    public final void drain() {
        ServerConnection connection = next;
        if (connection == null) {
            close();
        } else {
            connection.drain();
        }
    }

    @Override
    public final void close() {
        ServerConnection connection = next;
        Channel own = channel;
        if (connection != null) {
            connection.close();
        } else if (own != null) {
            var unused = own.close();
        }
    }

    @Override
    public final int active() {
        ServerConnection connection = next;
        return connection == null ? 0 : connection.active();
    }
}
