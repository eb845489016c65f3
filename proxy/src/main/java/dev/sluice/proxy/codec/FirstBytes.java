package dev.sluice.proxy.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection whose first bytes are looked at to find out what it is: they are kept until
 * somebody knows, go to whoever comes behind, and this leaves the pipeline. A client that ends its
 * side meanwhile is closed. Loop-owned.
 *
 * <h2>Reference counting</h2>
 *
 * The bytes belong to this until {@link #passOn}; {@link #seen} only lends them.
 */
public abstract class FirstBytes extends PendingConnection {
    private ByteBuf seen = Unpooled.EMPTY_BUFFER;
    private @Nullable Future<?> timer;

    /** More bytes came. */
    public abstract void onBytes(ChannelHandlerContext context);

    /** All bytes that came and were not consumed. */
    public final ByteBuf seen() {
        return seen;
    }

    /**
     * Limits the time for this.
     *
     * @param limit zero: none
     */
    public final void limit(ChannelHandlerContext context, Duration limit, Runnable late) {
        if (!limit.isZero() && timer == null) {
            timer = context.executor().schedule(late, limit.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** Gives the bytes to the handler behind, and leaves. */
    public final void passOn(ChannelHandlerContext context) {
        passLeaving();
        ByteBuf bytes = seen;
        seen = Unpooled.EMPTY_BUFFER;
        if (bytes.isReadable()) {
            context.fireChannelRead(bytes);
        } else {
            bytes.release();
        }
        context.pipeline().remove(this);
    }

    /** The time no longer counts. */
    public final void stopTimer() {
        Future<?> running = timer;
        if (running != null) {
            running.cancel(/* mayInterruptIfRunning= */ false);
        }
    }

    @Override
    public final void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        seen =
                seen.isReadable()
                        ? ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(
                                context.alloc(), seen, bytes)
                        : bytes;
        onBytes(context);
    }

    @Override
    public final void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            var unused = context.close();
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        var unused = context.close();
    }

    @Override
    public final void handlerRemoved(ChannelHandlerContext context) {
        stopTimer();
        seen.release();
        seen = Unpooled.EMPTY_BUFFER;
    }
}
