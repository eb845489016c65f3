package dev.sluice.proxy.codec;

import dev.sluice.proxy.exchange.ServerConnection;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection before its protocol has begun. Asked to leave, it waits for what the client
 * may be sending already, since closing would reset it, and the protocol's handler is asked as soon
 * as there is one. Loop-owned.
 */
public abstract class PendingConnection extends ChannelInboundHandlerAdapter
        implements ServerConnection {
    /** How long a client that sends nothing may stay; Envoy's default of {@code drain_timeout}. */
    private static final long PATIENCE_SECONDS = 5;

    private @Nullable Channel channel;
    private boolean leaving;
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
        Channel own = channel;
        if (connection != null) {
            connection.drain();
        } else if (!leaving && own != null) {
            leaving = true;
            var unused =
                    own.eventLoop()
                            .schedule(this::closeUnlessOver, PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void closeUnlessOver() {
        if (!isOver()) {
            close();
        }
    }

    /** The protocol's handler is in place: from now on it is asked to leave, if anybody was. */
    final void passLeaving() {
        ServerConnection connection = next;
        if (leaving && connection != null) {
            leaving = false;
            connection.drain();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        passLeaving();
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
