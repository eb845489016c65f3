package dev.sluice.proxy.listen;

import dev.sluice.proxy.codec.TransportSecurity;
import dev.sluice.proxy.exchange.ServerConnection;
import dev.sluice.proxy.snapshot.listener.FilterChainSpec;
import dev.sluice.proxy.tls.ServerTls;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A filter chain on one event loop. Loop-owned.
 *
 * @param spec of the chain
 * @param tls with clients; absent: plain text
 * @param filter its network filter
 */
record ChainOnLoop(FilterChainSpec spec, Optional<ServerTls> tls, NetworkFilter filter) {
    /**
     * Takes a connection: adds TLS if the chain has it, and the network filter.
     *
     * @param failures is told of a handshake that failed
     * @return empty while there is no certificate
     */
    Optional<ServerConnection> begin(
            Channel channel, TransportSecurity known, Consumer<Throwable> failures) {
        if (tls.isEmpty()) {
            return Optional.of(filter.install(channel, known, ""));
        }
        return tls.get()
                .handler(channel.alloc())
                .map(handler -> secure(channel, handler, known, failures));
    }

    private ServerConnection secure(
            Channel channel,
            SslHandler handler,
            TransportSecurity known,
            Consumer<Throwable> failures) {
        handler.setHandshakeTimeoutMillis(spec.handshakeTimeout().toMillis());
        SecuredConnection connection = new SecuredConnection(handler, filter, known, failures);
        channel.config().setAutoRead(true);
        channel.pipeline().addLast(handler, connection);
        return connection;
    }
}
