package dev.sluice.proxy.pool;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Waits behind the TLS handler for the handshake with an endpoint, then leaves. Loop-owned. */
final class UpstreamHandshake extends ChannelInboundHandlerAdapter {
    private final SslHandler tls;
    private final Receiver receiver;
    private @Nullable ChannelHandlerContext openContext;
    private @Nullable Future<?> timeout;
    private boolean ended;

    /** Takes the result, once. */
    interface Receiver {
        void onSecured(Channel channel, String alpn);

        /** The channel is closed, or will be. */
        void onFailed(Throwable cause);
    }

    UpstreamHandshake(SslHandler tls, Receiver receiver) {
        this.tls = tls;
        this.receiver = receiver;
    }

    /** Gives up when it takes longer than this. */
    void within(long nanos) {
        ChannelHandlerContext context = openContext;
        if (!ended && context != null) {
            timeout =
                    context.executor()
                            .schedule(
                                    () -> fail(context, new IOException("handshake timed out")),
                                    nanos,
                                    TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        openContext = context;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (!(event instanceof SslHandshakeCompletionEvent handshake)) {
            context.fireUserEventTriggered(event);
        } else if (!handshake.isSuccess()) {
            fail(context, handshake.cause());
        } else if (!ended) {
            end();
            String alpn = tls.applicationProtocol();
            receiver.onSecured(context.channel(), alpn == null ? "" : alpn);
            context.pipeline().remove(this);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        fail(context, new ClosedChannelException());
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(context, cause);
    }

    private void fail(ChannelHandlerContext context, Throwable cause) {
        if (!ended) {
            end();
            receiver.onFailed(cause);
        }
        var unused = context.close();
    }

    private void end() {
        ended = true;
        Future<?> running = timeout;
        if (running != null) {
            running.cancel(/* mayInterruptIfRunning= */ false);
        }
    }
}
