package dev.sluice.proxy.codec;

import dev.sluice.proxy.codec.http1.Http1ServerHandler;
import dev.sluice.proxy.codec.http2.Http2Server;
import dev.sluice.proxy.exchange.HttpProtocol;
import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.exchange.RefusalObserver;
import dev.sluice.proxy.exchange.ServerConnection;
import dev.sluice.proxy.exchange.ServerStreamHandler;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.CodecType;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;

/**
 * Makes clients' connections speak HTTP: each request becomes one call of the stream handler.
 * Immutable, thread-safe; what it installs belongs to the channel's loop.
 */
public final class ServerCodec {
    /** Bytes waiting in a channel: above the high mark sources pause, below the low one go on. */
    static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(32 * 1024, 64 * 1024);

    private final HttpConnectionManagerSpec spec;
    private final ServerStreamHandler streams;
    private final RefusalObserver refusals;

    /**
     * @param spec protocols, limits and timeouts
     * @param streams takes each request
     * @param refusals is told of requests that the codec answered itself
     */
    public ServerCodec(
            HttpConnectionManagerSpec spec, ServerStreamHandler streams, RefusalObserver refusals) {
        this.spec = spec;
        this.streams = streams;
        this.refusals = refusals;
    }

    /**
     * Adds the handlers of an accepted connection to the end of its pipeline, in the protocol of
     * the listener; {@code AUTO} looks at the first bytes. Call it on the channel's loop before the
     * channel reads anything, such as in a {@code ChannelInitializer}.
     *
     * @param security what is known from TLS
     * @return to drain or close the connection
     */
    public ServerConnection install(Channel channel, TransportSecurity security) {
        return install(channel, security, spec.codec());
    }

    /**
     * As {@link #install(Channel, TransportSecurity)} with the protocol that ALPN agreed on, which
     * holds where the listener does not say which it is.
     *
     * @param agreed {@code HTTP1} or {@code HTTP2}; {@code AUTO}: nothing was agreed on
     */
    public ServerConnection install(Channel channel, TransportSecurity security, CodecType agreed) {
        return switch (spec.codec() == CodecType.AUTO ? agreed : spec.codec()) {
            case AUTO -> add(channel, new ProtocolDetector(this, spec, security));
            case HTTP1 -> add(channel, http1(channel, security));
            case HTTP2 -> add(channel, http2(channel, security));
        };
    }

    Http1ServerHandler http1(Channel channel, TransportSecurity security) {
        channel.config().setAutoRead(false);
        return new Http1ServerHandler(
                spec, peer(channel, security, HttpProtocol.HTTP_1_1), streams, refusals);
    }

    Http2Server http2(Channel channel, TransportSecurity security) {
        return Http2Server.create(
                spec, peer(channel, security, HttpProtocol.HTTP_2), streams, refusals);
    }

    private <T extends ChannelHandler & ServerConnection> T add(Channel channel, T handler) {
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        channel.config().setWriteBufferWaterMark(WATER_MARK);
        channel.pipeline().addLast(handler);
        return handler;
    }

    private static Peer peer(Channel channel, TransportSecurity security, HttpProtocol protocol) {
        return new Peer(
                security.remote(channel),
                security.local(channel),
                protocol,
                security.secure(),
                security.certificate(),
                security.serverName(),
                security.told().isPresent(),
                TransportSecurity.direct(channel));
    }
}
