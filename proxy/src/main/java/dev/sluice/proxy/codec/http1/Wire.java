package dev.sluice.proxy.codec.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of one connection: what has been read and not used yet, what waits to be flushed, and
 * whether more is to be read. Loop-owned.
 *
 * <h2>Flushing</h2>
 *
 * Writes are flushed once, by a task that runs when the loop has handled all sockets that were
 * ready, so that a burst of messages costs one system call. A head waits for what follows it: a
 * small body is copied behind it, which is cheaper for the kernel than gathering two buffers.
 *
 * <h2>Reading</h2>
 *
 * The channel does not read by itself; {@link #read} asks for one socket read.
 */
final class Wire {
    private final ChannelHandlerContext context;
    private final Runnable flush = this::flush;
    private ByteBuf input = Unpooled.EMPTY_BUFFER;

    /** A head that is not handed to the channel yet; owned by the wire. */
    private ByteBuf head = Unpooled.EMPTY_BUFFER;

    private List<Runnable> afterFlush = List.of();
    private boolean flushPlanned;
    private boolean readAsked;
    private boolean ended;
    private boolean flushed;

    Wire(ChannelHandlerContext context) {
        this.context = context;
    }

    ChannelHandlerContext context() {
        return context;
    }

    /** This end of the connection. */
    SocketAddress local() {
        return context.channel().localAddress();
    }

    /** Read and not used yet; stays owned by the wire. */
    ByteBuf input() {
        return input;
    }

    /** Takes over what was read. */
    void append(ByteBuf bytes) {
        readAsked = false;
        if (input.isReadable()) {
            input = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(context.alloc(), input, bytes);
        } else {
            input.release();
            input = bytes;
        }
    }

    /** The next bytes of the input as a buffer of their own. */
    ByteBuf take(int bytes) {
        if (bytes < input.readableBytes()) {
            return input.readRetainedSlice(bytes);
        }
        ByteBuf all = input;
        input = Unpooled.EMPTY_BUFFER;
        return all;
    }

    /** The next bytes of the input as an array of their own. */
    byte[] takeBytes(int bytes) {
        byte[] taken = new byte[bytes];
        input.readBytes(taken);
        dropIfUsed();
        return taken;
    }

    /** Gives the buffer back once nothing in it is left. */
    void dropIfUsed() {
        if (!input.isReadable()) {
            drop();
        }
    }

    /** Throws the input away. */
    void drop() {
        input.release();
        input = Unpooled.EMPTY_BUFFER;
    }

    /** Asks for one socket read, unless one is already awaited or none can come. */
    void read() {
        if (!readAsked && !ended) {
            readAsked = true;
            context.read();
        }
    }

    /** A read burst is over; one that brought nothing may be repeated. */
    void readCompleted() {
        readAsked = false;
    }

    /** The peer sends no more. */
    void end() {
        ended = true;
    }

    boolean isEnded() {
        return ended;
    }

    /**
     * Writes a head and plans the flush.
     *
     * @param bytes nobody else writes to; its room is used for what follows
     */
    void writeHead(ByteBuf bytes) {
        handHeadOver();
        head = bytes;
        planFlush();
    }

    /** Writes and plans the flush. */
    void write(ByteBuf bytes) {
        if (head.isReadable() && bytes.readableBytes() <= head.writableBytes()) {
            head.writeBytes(bytes);
            bytes.release();
        } else {
            handHeadOver();
            var unused = context.write(bytes, context.voidPromise());
        }
        planFlush();
    }

    private void handHeadOver() {
        ByteBuf bytes = head;
        if (bytes.isReadable()) {
            head = Unpooled.EMPTY_BUFFER;
            var unused = context.write(bytes, context.voidPromise());
        }
    }

    /** Runs an action after the next flush. */
    void afterFlush(Runnable action) {
        if (afterFlush.isEmpty()) {
            afterFlush = new ArrayList<>(2);
        }
        afterFlush.add(action);
        planFlush();
    }

    /** Whether something has been handed to the socket since {@link #forgetFlushes}. */
    boolean hasFlushed() {
        return flushed;
    }

    void forgetFlushes() {
        flushed = false;
    }

    boolean isWritable() {
        return context.channel().isWritable();
    }

    /** Sends what was written, then closes the channel. */
    void closeAfterWrites() {
        handHeadOver();
        ChannelFuture last = context.writeAndFlush(Unpooled.EMPTY_BUFFER);
        last.addListener(ChannelFutureListener.CLOSE);
    }

    /**
     * Tells the peer that no more comes, once all that was written has left: what still waits when
     * the output of a channel is shut down is lost. Where the transport can't say it, closes.
     *
     * @param then runs when the peer has been told
     */
    void endOutput(Runnable then) {
        if (context.channel() instanceof DuplexChannel duplex
                && context.pipeline().get(SslHandler.class) == null) {
            afterWrites(() -> {
                var unused = duplex.shutdownOutput();
                then.run();
            });
        } else {
            closeAfterWrites();
        }
    }

    /**
     * Tells the peer that no more of a tunnel comes, once all that was written has left; over TLS
     * by an alert. The other half goes on.
     */
    void endHalf() {
        SslHandler tls = context.pipeline().get(SslHandler.class);
        if (tls == null) {
            endOutput(() -> {});
        } else {
            afterWrites(() -> {
                var unused = tls.closeOutbound();
            });
        }
    }

    private void afterWrites(Runnable action) {
        handHeadOver();
        context.writeAndFlush(Unpooled.EMPTY_BUFFER)
                .addListener(written -> {
                    if (written.isSuccess()) {
                        action.run();
                    }
                });
    }

    /** Whether this event says that the peer sends no more: by its FIN, or by an alert of TLS. */
    static boolean isHalfClose(Object event) {
        return event instanceof ChannelInputShutdownEvent
                || event == SslCloseCompletionEvent.SUCCESS;
    }

    /** Whether nothing can be sent any more: BoringSSL answers the end of one half by its own. */
    boolean isDeaf() {
        SslHandler tls = context.pipeline().get(SslHandler.class);
        return tls != null && tls.engine().isOutboundDone();
    }

    private void planFlush() {
        if (!flushPlanned) {
            flushPlanned = true;
            context.executor().execute(flush);
        }
    }

    private void flush() {
        flushPlanned = false;
        flushed = true;
        handHeadOver();
        context.flush();
        List<Runnable> actions = afterFlush;
        afterFlush = List.of();
        actions.forEach(Runnable::run);
    }
}
