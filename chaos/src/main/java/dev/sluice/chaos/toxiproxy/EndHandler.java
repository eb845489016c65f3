package dev.sluice.chaos.toxiproxy;

import dev.sluice.chaos.toxiproxy.toxic.Direction;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/**
 * One socket of a connection. Reads only when asked to, so that a slow receiver slows its sender.
 * Owned by the connection's event loop.
 */
final class EndHandler extends ChannelInboundHandlerAdapter {
    private final Connection connection;
    private final Direction sends;

    /**
     * @param sends the direction whose sender this socket is
     */
    EndHandler(Connection connection, Direction sends) {
        this.connection = connection;
        this.sends = sends;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        connection.arrived(sends, (ByteBuf) message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        connection.moved(sends);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        connection.moved(sends == Direction.UPSTREAM ? Direction.DOWNSTREAM : Direction.UPSTREAM);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            connection.senderFinished(sends);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        var unused = context.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        connection.lost(sends);
    }
}
