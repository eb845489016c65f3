package dev.sluice.proxy.codec.http2;

import dev.sluice.proxy.snapshot.part.KeepAlive;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.util.concurrent.Future;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Pings one connection, so that one whose peer is gone without a word ends. Loop-owned. */
final class KeepAlivePings {
    /** Told apart from pings that others send. */
    static final long PAYLOAD = 0x736c_7569_6365_6b61L;

    private final KeepAlive settings;
    private final Http2ConnectionHandler handler;
    private final ChannelHandlerContext context;
    private @Nullable Future<?> timer;
    private boolean stopped;

    private KeepAlivePings(
            KeepAlive settings, Http2ConnectionHandler handler, ChannelHandlerContext context) {
        this.settings = settings;
        this.handler = handler;
        this.context = context;
    }

    /**
     * Pings a connection from now on.
     *
     * @param settings absent: nothing is pinged
     */
    static @Nullable KeepAlivePings start(
            Optional<KeepAlive> settings,
            Http2ConnectionHandler handler,
            ChannelHandlerContext context) {
        if (settings.isEmpty()) {
            return null;
        }
        KeepAlivePings pings = new KeepAlivePings(settings.get(), handler, context);
        pings.plan();
        return pings;
    }

    private void plan() {
        double length = 1 + settings.jitter() * ThreadLocalRandom.current().nextDouble();
        later(this::ask, (long) (settings.interval().toNanos() * length));
    }

    /** An answer to a PING came. */
    void answered(long payload) {
        if (payload == PAYLOAD && !stopped) {
            plan();
        }
    }

    void stop() {
        stopped = true;
        if (timer != null) {
            timer.cancel(/* mayInterruptIfRunning= */ false);
        }
    }

    private void ask() {
        var unused =
                handler.encoder()
                        .writePing(context, /* ack= */ false, PAYLOAD, context.newPromise());
        handler.flush(context);
        later(this::close, settings.timeout().toNanos());
    }

    private void close() {
        var unused = context.close();
    }

    private void later(Runnable action, long nanos) {
        if (timer != null) {
            timer.cancel(/* mayInterruptIfRunning= */ false);
        }
        if (!stopped) {
            timer = context.executor().schedule(action, nanos, TimeUnit.NANOSECONDS);
        }
    }
}
