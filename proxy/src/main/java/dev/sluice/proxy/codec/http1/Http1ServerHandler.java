package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.exchange.RefusalObserver;
import dev.sluice.proxy.exchange.ServerConnection;
import dev.sluice.proxy.exchange.ServerStreamHandler;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/** HTTP/1.1 with a client: tells what happens on the channel to its conversation. Loop-owned. */
public final class Http1ServerHandler extends ChannelInboundHandlerAdapter
        implements ServerConnection {
    private final HttpConnectionManagerSpec spec;
    private final Peer peer;
    private final ServerStreamHandler streams;
    private final RefusalObserver refusals;
    private @Nullable ServerConversation openConversation;

    /**
     * @param spec limits and timeouts
     * @param peer about the connection
     * @param streams takes each request
     * @param refusals is told of requests answered here
     */
    public Http1ServerHandler(
            HttpConnectionManagerSpec spec,
            Peer peer,
            ServerStreamHandler streams,
            RefusalObserver refusals) {
        this.spec = spec;
        this.peer = peer;
        this.streams = streams;
        this.refusals = refusals;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        openConversation = new ServerConversation(new Wire(context), spec, peer, streams, refusals);
        if (context.channel().isActive()) {
            conversation().begin();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        conversation().begin();
        context.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        conversation().received((ByteBuf) message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        conversation().readCompleted();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (Wire.isHalfClose(event)) {
            conversation().inputEnded();
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        conversation().end("the client closed its connection");
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        conversation().end("connection to the client failed: " + cause);
        var unused = context.close();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        conversation().end("the connection was taken down");
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            conversation().writable();
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void drain() {
        conversation().drain();
    }

    @Override
    public void close() {
        conversation().close();
    }

    @Override
    public int active() {
        ServerConversation current = openConversation;
        return current == null ? 0 : current.active();
    }

    private ServerConversation conversation() {
        ServerConversation current = openConversation;
        if (current == null) {
            throw new IllegalStateException("the handler is in no pipeline");
        }
        return current;
    }
}
