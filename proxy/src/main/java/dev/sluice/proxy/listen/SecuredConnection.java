package dev.sluice.proxy.listen;

import dev.sluice.proxy.codec.ServerCodec;
import dev.sluice.proxy.codec.TransportSecurity;
import dev.sluice.proxy.exchange.ServerConnection;
import dev.sluice.proxy.snapshot.HttpConnectionManagerSpec.CodecType;
import dev.sluice.proxy.tls.ServerTls;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection with TLS: waits behind the TLS handler for the handshake, then lets the
 * codec that ALPN agreed on take its place in the pipeline. Loop-owned.
 */
final class SecuredConnection extends ChannelInboundHandlerAdapter implements ServerConnection {
    private final SslHandler tls;
    private final ServerCodec codec;
    private final Consumer<Throwable> failures;
    private @Nullable Channel channel;
    private @Nullable ServerConnection secured;
    private boolean failed;

    /**
     * @param tls before this in the pipeline
     * @param failures is told of a handshake that failed
     */
    SecuredConnection(SslHandler tls, ServerCodec codec, Consumer<Throwable> failures) {
        this.tls = tls;
        this.codec = codec;
        this.failures = failures;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (!(event instanceof SslHandshakeCompletionEvent handshake)) {
            context.fireUserEventTriggered(event);
        } else if (handshake.isSuccess()) {
            TransportSecurity security =
                    new TransportSecurity(true, ServerTls.peer(tls), ServerTls.serverName(tls));
            secured = codec.install(context.channel(), security, agreed());
            context.pipeline().remove(this);
        } else {
            fail(context, handshake.cause());
        }
    }

    private CodecType agreed() {
        String alpn = tls.applicationProtocol();
        return switch (alpn == null ? "" : alpn) {
            case "h2" -> CodecType.HTTP2;
            case "http/1.1", "http/1.0" -> CodecType.HTTP1;
            default -> CodecType.AUTO;
        };
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(context, cause);
    }

    private void fail(ChannelHandlerContext context, Throwable cause) {
        if (!failed) {
            failed = true;
            failures.accept(cause);
        }
        var unused = context.close();
    }

    @Override
    public void drain() {
        ServerConnection connection = secured;
        if (connection == null) {
            close();
        } else {
            connection.drain();
        }
    }

    @Override
    public void close() {
        ServerConnection connection = secured;
        Channel own = channel;
        if (connection != null) {
            connection.close();
        } else if (own != null) {
            var unused = own.close();
        }
    }

    @Override
    public int active() {
        ServerConnection connection = secured;
        return connection == null ? 0 : connection.active();
    }
}
