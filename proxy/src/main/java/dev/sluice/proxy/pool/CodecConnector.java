package dev.sluice.proxy.pool;

import dev.sluice.proxy.codec.ClientCodec;
import dev.sluice.proxy.exchange.ClientConnection;
import dev.sluice.proxy.exchange.RefusalObserver.Worn;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec;
import dev.sluice.proxy.snapshot.cluster.UpstreamSpec;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Opens connections that speak HTTP to endpoints of one cluster. Loop-owned. */
public final class CodecConnector implements Connector {
    /** What an HTTP/2 peer is expected to allow until it has said so (RFC 9113 section 6.5.2). */
    private static final int EXPECTED_STREAMS = 100;

    private final EventLoop loop;
    private final EndpointSocket socket;
    private final ClientCodec codec;
    private final UpstreamObserver observer;
    private final ClusterSpec.Protocol configured;
    private final int mostStreams;

    /** What the last connection spoke; of {@code AUTO} the best guess about the next one. */
    private ClusterSpec.Protocol spoken;

    /**
     * @param observer is told what becomes of connections
     */
    public CodecConnector(
            EventLoop loop,
            EndpointSocket socket,
            UpstreamSpec upstream,
            UpstreamObserver observer) {
        this.observer = observer;
        this.loop = loop;
        this.socket = socket;
        codec = new ClientCodec(upstream, observer::flooded);
        configured = upstream.protocol();
        spoken = configured;
        mostStreams = Math.min(EXPECTED_STREAMS, upstream.http2().maxStreams());
    }

    @Override
    public int expectedCapacity() {
        return switch (spoken) {
            case HTTP1, AUTO, TCP, CLIENTS -> 1;
            case HTTP2 -> mostStreams;
        };
    }

    @Override
    public void connect(Way way, Receiver receiver) {
        assert loop.inEventLoop();
        socket.open(way, new Opening(way.remote(), receiver));
    }

    @Override
    public void worn(Worn worn) {
        observer.worn(worn);
    }

    private ClusterSpec.Protocol agreed(String alpn) {
        return switch (configured) {
            case HTTP1, HTTP2, TCP, CLIENTS -> configured;
            case AUTO ->
                    alpn.equals("h2") ? ClusterSpec.Protocol.HTTP2 : ClusterSpec.Protocol.HTTP1;
        };
    }

    /** One connection being opened. */
    private final class Opening implements EndpointSocket.Receiver {
        private final InetSocketAddress remote;
        private final Receiver receiver;
        private @Nullable ClientConnection connection;

        Opening(InetSocketAddress remote, Receiver receiver) {
            this.remote = remote;
            this.receiver = receiver;
        }

        @Override
        public void install(Channel channel, String alpn) {
            spoken = agreed(alpn);
            connection = codec.install(channel, spoken);
        }

        @Override
        public void onOpen() {
            ClientConnection installed = connection;
            if (installed == null) {
                onFailed("closed");
            } else {
                receiver.onConnected(installed);
            }
        }

        @Override
        public void onFailed(String reason) {
            receiver.onFailed(
                    new StreamReset(
                            StreamReset.Cause.CONNECT_FAILED,
                            /* unprocessed= */ true,
                            "no connection to %s: %s".formatted(remote, reason)));
        }
    }
}
