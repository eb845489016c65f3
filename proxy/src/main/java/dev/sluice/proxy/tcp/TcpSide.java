package dev.sluice.proxy.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One end of a carried connection: passes what it reads to the other end. Bytes that come before
 * the other end is there (with a FIN, behind a TLS handshake or a PROXY protocol header) wait here:
 * they are at most what the socket held, since nothing is asked for before. Loop-owned.
 */
final class TcpSide extends ChannelInboundHandlerAdapter {
    private final TcpSession session;
    private final IntConsumer counter;
    private @Nullable TcpSide other;
    private @Nullable ChannelHandlerContext context;
    private final Deque<ByteBuf> early = new ArrayDeque<>();
    private boolean ended;

    /**
     * @param counter is told of the bytes read here
     */
    TcpSide(TcpSession session, IntConsumer counter) {
        this.session = session;
        this.counter = counter;
    }

    void faces(TcpSide side) {
        other = side;
    }

    private TcpSide other() {
        TcpSide facing = other;
        if (facing == null) {
            throw new IllegalStateException("a side alone");
        }
        return facing;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    /** Whether this end sends no more. */
    boolean hasEnded() {
        return ended;
    }

    /** Reads on, if the other end takes what comes. */
    void read() {
        ChannelHandlerContext own = context;
        if (own != null && session.hasBegun() && other().isWritable()) {
            own.read();
        }
    }

    private boolean isWritable() {
        ChannelHandlerContext own = context;
        return own != null && own.channel().isWritable();
    }

    @Override
    public void channelRead(ChannelHandlerContext own, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        counter.accept(bytes.readableBytes());
        session.moved();
        if (session.hasBegun()) {
            pass(bytes);
        } else {
            early.add(bytes);
        }
    }

    private void pass(ByteBuf bytes) {
        ChannelHandlerContext to = other().context;
        if (to == null) {
            bytes.release();
        } else {
            var unused = to.write(bytes);
        }
    }

    /** The other end is there: what came early goes on, and so does its end. */
    void begin() {
        for (ByteBuf bytes = early.poll(); bytes != null; bytes = early.poll()) {
            pass(bytes);
        }
        flushOther();
        if (ended) {
            other().finish();
        } else {
            read();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext own) {
        flushOther();
        read();
    }

    private void flushOther() {
        ChannelHandlerContext to = other().context;
        if (to != null) {
            to.flush();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext own) {
        if (own.channel().isWritable()) {
            other().read();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext own, Object event) {
        if (event instanceof ChannelInputShutdownEvent
                || event instanceof SslCloseCompletionEvent) {
            end();
        }
        own.fireUserEventTriggered(event);
    }

    private void end() {
        if (!ended) {
            ended = true;
            if (session.hasBegun()) {
                other().finish();
                session.ended();
            }
        }
    }

    /** Tells the peer here that the other end sends no more. */
    private void finish() {
        ChannelHandlerContext own = context;
        if (own == null) {
            return;
        }
        SslHandler tls = own.pipeline().get(SslHandler.class);
        own.writeAndFlush(Unpooled.EMPTY_BUFFER)
                .addListener(written -> {
                    if (tls != null) {
                        var unused = tls.closeOutbound();
                    } else if (own.channel() instanceof DuplexChannel socket) {
                        var unused = socket.shutdownOutput();
                    }
                });
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext own) {
        early.forEach(ByteBuf::release);
        early.clear();
    }

    @Override
    public void channelInactive(ChannelHandlerContext own) {
        session.gone(this);
        own.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext own, Throwable cause) {
        session.gone(this);
        var unused = own.close();
    }

    void closeWhenWritten() {
        ChannelHandlerContext own = context;
        if (own != null) {
            own.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    void close() {
        ChannelHandlerContext own = context;
        Channel channel = own == null ? null : own.channel();
        if (channel != null) {
            var unused = channel.close();
        }
    }
}
