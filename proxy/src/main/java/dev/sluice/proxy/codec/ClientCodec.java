package dev.sluice.proxy.codec;

import dev.sluice.proxy.codec.http1.Http1ClientHandler;
import dev.sluice.proxy.codec.http1.TunnelConnection;
import dev.sluice.proxy.codec.http2.Http2Client;
import dev.sluice.proxy.exchange.ClientConnection;
import dev.sluice.proxy.exchange.Flood;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec;
import dev.sluice.proxy.snapshot.cluster.UpstreamSpec;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.util.function.Consumer;

/**
 * Makes connections to upstreams speak HTTP. Immutable, thread-safe; what it installs belongs to
 * the channel's loop.
 *
 * @param upstream what the endpoint speaks, and what bounds a connection to it
 * @param onFlood is told, on the channel's loop, when a connection of HTTP/2 ends for what its
 *     endpoint sent too much of
 */
public record ClientCodec(UpstreamSpec upstream, Consumer<Flood> onFlood) {
    /** Envoy's limits. */
    public static final ClientCodec DEFAULT = new ClientCodec(UpstreamSpec.DEFAULT, flood -> {});

    /**
     * Adds the handlers of a connection to the end of its pipeline. Call it on the channel's loop
     * before the channel reads anything, such as in the {@code ChannelInitializer} of the
     * bootstrap: the connection has no capacity until the channel is active.
     *
     * @param protocol spoken by the upstream; {@code AUTO} and {@code CLIENTS}, where nothing was
     *     agreed on and no client is known, are HTTP/1.1
     */
    public ClientConnection install(Channel channel, ClusterSpec.Protocol protocol) {
        channel.config().setWriteBufferWaterMark(ServerCodec.WATER_MARK);
        return switch (protocol) {
            case HTTP1, AUTO, CLIENTS -> {
                channel.config().setAutoRead(false);
                yield add(
                        channel,
                        new Http1ClientHandler(upstream.maxHeadBytes(), upstream.maxHeaders()));
            }
            case HTTP2 -> add(channel, Http2Client.create(upstream, onFlood));
            case TCP -> {
                channel.config().setAutoRead(false);
                yield add(channel, new TunnelConnection());
            }
        };
    }

    private static <T extends ChannelHandler & ClientConnection> T add(Channel channel, T handler) {
        channel.pipeline().addLast(handler);
        return handler;
    }
}
