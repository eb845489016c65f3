package dev.sluice.proxy.pool;

import dev.sluice.proxy.codec.ClientCodec;
import dev.sluice.proxy.exchange.ClientConnection;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.snapshot.ClusterSpec;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Opens TCP connections that speak HTTP to endpoints of one cluster. Loop-owned. */
public final class CodecConnector implements Connector {
    /** What an HTTP/2 peer is expected to allow until it has said so (RFC 9113 section 6.5.2). */
    private static final int EXPECTED_STREAMS = 100;

    private final EventLoop loop;
    private final Transport transport;
    private final ClusterSpec cluster;

    public CodecConnector(EventLoop loop, Transport transport, ClusterSpec cluster) {
        this.loop = loop;
        this.transport = transport;
        this.cluster = cluster;
    }

    @Override
    public int expectedCapacity() {
        return switch (cluster.protocol()) {
            case HTTP1 -> 1;
            case HTTP2 -> EXPECTED_STREAMS;
        };
    }

    @Override
    public void connect(InetSocketAddress remote, Receiver receiver) {
        assert loop.inEventLoop();
        Pipeline pipeline = new Pipeline(remote);
        new Bootstrap()
                .group(loop)
                .channel(transport.channel())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(cluster.connectTimeout().toMillis()))
                .handler(pipeline)
                .connect(remote)
                .addListener(done -> tell(remote, pipeline, done.cause(), receiver));
    }

    private static void tell(
            InetSocketAddress remote,
            Pipeline pipeline,
            @Nullable Throwable cause,
            Receiver receiver) {
        ClientConnection connection = pipeline.connection;
        if (cause == null && connection != null) {
            receiver.onConnected(connection);
            return;
        }
        receiver.onFailed(
                new StreamReset(
                        StreamReset.Cause.CONNECT_FAILED,
                        /* unprocessed= */ true,
                        "no connection to %s: %s".formatted(remote, reason(cause))));
    }

    private static String reason(@Nullable Throwable cause) {
        if (cause == null) {
            return "closed";
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    /** Installs the codec on a new channel. */
    private final class Pipeline extends ChannelInitializer<Channel> {
        private final InetSocketAddress remote;
        private @Nullable ClientConnection connection;

        Pipeline(InetSocketAddress remote) {
            this.remote = remote;
        }

        @Override
        protected void initChannel(Channel channel) {
            connection = ClientCodec.DEFAULT.install(channel, cluster.protocol(), remote);
        }
    }
}
