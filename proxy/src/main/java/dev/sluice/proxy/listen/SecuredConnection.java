package dev.sluice.proxy.listen;

import dev.sluice.proxy.codec.PendingConnection;
import dev.sluice.proxy.codec.TransportSecurity;
import dev.sluice.proxy.tls.ServerTls;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.function.Consumer;

/**
 * A client's connection with TLS: waits behind the TLS handler for the handshake, then lets the
 * network filter of the chain take its place in the pipeline. Loop-owned.
 */
final class SecuredConnection extends PendingConnection {
    private final SslHandler tls;
    private final NetworkFilter filter;
    private final TransportSecurity before;
    private final Consumer<Throwable> failures;
    private boolean failed;

    /**
     * @param tls before this in the pipeline
     * @param before what is known without TLS
     * @param failures is told of a handshake that failed
     */
    SecuredConnection(
            SslHandler tls,
            NetworkFilter filter,
            TransportSecurity before,
            Consumer<Throwable> failures) {
        this.tls = tls;
        this.filter = filter;
        this.before = before;
        this.failures = failures;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (!(event instanceof SslHandshakeCompletionEvent handshake)) {
            context.fireUserEventTriggered(event);
        } else if (handshake.isSuccess()) {
            String alpn = tls.applicationProtocol();
            becomes(
                    filter.install(
                            context.channel(),
                            before.secured(ServerTls.peer(tls), ServerTls.serverName(tls)),
                            alpn == null ? "" : alpn));
            context.pipeline().remove(this);
        } else {
            fail(context, handshake.cause());
        }
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
}
