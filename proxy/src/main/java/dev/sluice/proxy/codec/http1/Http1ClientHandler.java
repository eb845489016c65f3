package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.exchange.ClientConnection;
import dev.sluice.proxy.exchange.ClientStream;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.exchange.ResponseReceiver;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** HTTP/1.1 with an upstream: tells what happens on the channel to its conversation. Loop-owned. */
public final class Http1ClientHandler extends ChannelInboundHandlerAdapter
        implements ClientConnection {
    private final int maxHeadBytes;
    private final int maxHeaders;
    private @Nullable ClientConversation openConversation;

    /**
     * @param maxHeadBytes of an answer's head with its empty line
     * @param maxHeaders fields of an answer's head
     */
    public Http1ClientHandler(int maxHeadBytes, int maxHeaders) {
        this.maxHeadBytes = maxHeadBytes;
        this.maxHeaders = maxHeaders;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        openConversation = new ClientConversation(new Wire(context), maxHeadBytes, maxHeaders);
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
        conversation().inputEnded();
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        conversation().lost("connection to the upstream failed: " + cause);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            conversation().writable();
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public ClientStream open(RequestHead head, boolean ended, ResponseReceiver receiver) {
        return conversation().open(head, ended, receiver);
    }

    @Override
    public int capacity() {
        return conversation().isFree() ? 1 : 0;
    }

    @Override
    public boolean canUpgrade(RequestHead head) {
        return true;
    }

    @Override
    public SocketAddress local() {
        return conversation().local();
    }

    @Override
    public int active() {
        return conversation().active();
    }

    @Override
    public boolean isRetired() {
        return conversation().isRetired();
    }

    @Override
    public void onChange(Runnable callback) {
        conversation().onChange(callback);
    }

    @Override
    public void retire() {
        conversation().retire();
    }

    @Override
    public void close() {
        conversation().close();
    }

    private ClientConversation conversation() {
        ClientConversation current = openConversation;
        if (current == null) {
            throw new IllegalStateException("the handler is in no pipeline");
        }
        return current;
    }
}
