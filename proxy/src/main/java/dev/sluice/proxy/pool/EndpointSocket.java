package dev.sluice.proxy.pool;

import dev.sluice.proxy.snapshot.cluster.ClusterSpec;
import dev.sluice.proxy.snapshot.cluster.SourceSpec;
import dev.sluice.proxy.snapshot.tls.TransportSocketSpec.ProxyProtocol;
import dev.sluice.proxy.tls.ClientTls;
import dev.sluice.proxy.tls.TlsContexts;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to endpoints of one cluster up to the point where the protocol begins: TCP, and
 * TLS where the cluster has it. Both together have the cluster's {@code connect_timeout}.
 * Loop-owned.
 */
public final class EndpointSocket {
    private final EventLoop loop;
    private final Transport transport;
    private final ClusterSpec cluster;
    private final SourceSpec source;
    private final Optional<ClientTls> tls;

    /**
     * @param byDefault where connections come from, where the cluster does not say
     */
    public EndpointSocket(
            EventLoop loop,
            Transport transport,
            ClusterSpec cluster,
            SourceSpec byDefault,
            TlsContexts contexts) {
        this.loop = loop;
        this.transport = transport;
        this.cluster = cluster;
        source = cluster.connect().source().orElse(byDefault);
        tls = cluster.tls().map(contexts::client);
    }

    /** Takes the result of one {@link #open}, on the loop. */
    public interface Receiver {
        /**
         * Adds the protocol's handlers to the end of the pipeline, before the channel has read
         * anything of the protocol. Without TLS the channel is not active yet.
         *
         * @param alpn what was agreed on; empty: nothing
         */
        void install(Channel channel, String alpn);

        /** The connection stands; after {@link #install}. */
        void onOpen();

        /** There will be no connection. */
        void onFailed(String reason);
    }

    /**
     * Starts to connect; a result follows, later than this call. An endpoint that is told who the
     * client is hears of no client where {@code way} names none.
     */
    public void open(Way way, Receiver receiver) {
        assert loop.inEventLoop();
        Opening opening = new Opening(way, receiver);
        connect(way.remote(), opening).addListener(done -> opening.connected(done.cause()));
    }

    private Future<Void> connect(InetSocketAddress remote, Opening opening) {
        Bootstrap bootstrap =
                new Bootstrap()
                        .group(loop)
                        .channel(transport.channel())
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(
                                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                                Math.toIntExact(cluster.connect().timeout().toMillis()))
                        .handler(opening);
        if (source.isAny()) {
            return bootstrap.connect(remote);
        }
        Optional<InetSocketAddress> from = source.towards(remote);
        return from.isEmpty()
                ? loop.newFailedFuture(
                        new BindException("no source of the cluster is of this address's kind"))
                : transport.from(from.get(), bootstrap).connect(remote, from.get());
    }

    private static String reason(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return message == null ? root.getClass().getSimpleName() : message;
    }

    /** One attempt. */
    private final class Opening extends ChannelInitializer<Channel>
            implements UpstreamHandshake.Receiver {
        private final Way way;
        private final Receiver receiver;
        private final long start = loop.ticker().nanoTime();
        private boolean told;
        private @Nullable UpstreamHandshake handshake;

        Opening(Way way, Receiver receiver) {
            this.way = way;
            this.receiver = receiver;
        }

        @Override
        protected void initChannel(Channel channel) {
            if (cluster.transport() instanceof ProxyProtocol(var version, var _)) {
                channel.pipeline().addLast(new ProxyHeaderWriter(version, way.client()));
            }
            if (tls.isEmpty()) {
                receiver.install(channel, "");
                return;
            }
            Optional<SslHandler> handler =
                    tls.get().handler(channel.alloc(), way.remote(), way.remote().getHostString());
            if (handler.isEmpty()) {
                fail("TLS of cluster '" + cluster.name() + "' has no certificate or authority yet");
                var unused = channel.close();
                return;
            }
            handler.get().setHandshakeTimeoutMillis(0);
            handshake = new UpstreamHandshake(handler.get(), this);
            channel.pipeline().addLast(handler.get(), handshake);
        }

        /** TCP stands, or does not. */
        void connected(@Nullable Throwable cause) {
            UpstreamHandshake begun = handshake;
            if (cause != null) {
                fail(reason(cause));
            } else if (begun == null) {
                open();
            } else {
                long spent = loop.ticker().nanoTime() - start;
                begun.within(Math.max(1, cluster.connect().timeout().toNanos() - spent));
            }
        }

        @Override
        public void onSecured(Channel channel, String alpn) {
            receiver.install(channel, alpn);
            open();
        }

        @Override
        public void onFailed(Throwable cause) {
            fail("TLS: " + reason(cause));
        }

        private void open() {
            if (!told) {
                told = true;
                receiver.onOpen();
            }
        }

        private void fail(String reason) {
            if (!told) {
                told = true;
                receiver.onFailed(reason);
            }
        }
    }
}
