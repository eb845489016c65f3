package dev.sluice.proxy.codec;

import dev.sluice.proxy.exchange.BodyReceiver;
import dev.sluice.proxy.exchange.BodySink;
import dev.sluice.proxy.exchange.BodySource;
import dev.sluice.proxy.exchange.ClientConnection;
import dev.sluice.proxy.exchange.ClientStream;
import dev.sluice.proxy.exchange.CodecRefusal;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.exchange.ResponseReceiver;
import dev.sluice.proxy.exchange.ServerConnection;
import dev.sluice.proxy.exchange.ServerStream;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec.Protocol;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.CodecType;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.Limits;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.Timeouts;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * The smallest proxy around both codecs: every request goes to one upstream, on a connection of the
 * same loop that is used again when it can be. Thread-safe.
 */
public final class Relay implements AutoCloseable {
    public final Queue<CodecRefusal> refusals = new ConcurrentLinkedQueue<>();
    public final Queue<StreamReset> resets = new ConcurrentLinkedQueue<>();
    public final Queue<ServerConnection> connections = new ConcurrentLinkedQueue<>();

    private final Map<EventLoop, ArrayDeque<ClientConnection>> pools = new ConcurrentHashMap<>();
    private final MultiThreadIoEventLoopGroup loops;
    private final Protocol protocol;
    private final InetSocketAddress upstream;
    private final Channel listener;

    public Relay(int loopCount, Protocol protocol, InetSocketAddress upstream) {
        this.protocol = protocol;
        this.upstream = upstream;
        loops = new MultiThreadIoEventLoopGroup(loopCount, EpollIoHandler.newFactory());
        ServerCodec codec =
                new ServerCodec(
                        ServerProbe.spec(CodecType.AUTO, Limits.DEFAULT, Timeouts.DEFAULT),
                        this::onStream,
                        (peer, refusal) -> refusals.add(refusal));
        listener =
                new ServerBootstrap()
                        .group(loops)
                        .channel(EpollServerSocketChannel.class)
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        connections.add(
                                                codec.install(channel, TransportSecurity.CLEAR));
                                    }
                                })
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .syncUninterruptibly()
                        .channel();
    }

    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** Runs an action on the loops, one after the other, as the owner of connections would. */
    public void onLoop(Runnable action) {
        loops.next().submit(action).syncUninterruptibly();
    }

    @Override
    public void close() {
        listener.close().syncUninterruptibly();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private void onStream(ServerStream stream) {
        EventLoop loop = currentLoop();
        ArrayDeque<ClientConnection> pool = pools.computeIfAbsent(loop, l -> new ArrayDeque<>());
        pool.removeIf(ClientConnection::isRetired);
        for (ClientConnection connection : pool) {
            if (connection.capacity() > 0) {
                new Exchange(stream).start(connection);
                return;
            }
        }
        connect(loop, pool, new Exchange(stream));
    }

    private EventLoop currentLoop() {
        for (var executor : loops) {
            if (executor.inEventLoop()) {
                return (EventLoop) executor;
            }
        }
        throw new IllegalStateException("a stream was offered off the loops");
    }

    private void connect(EventLoop loop, ArrayDeque<ClientConnection> pool, Exchange exchange) {
        ClientConnection[] made = new ClientConnection[1];
        new Bootstrap()
                .group(loop)
                .channel(EpollSocketChannel.class)
                .handler(
                        new ChannelInitializer<>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                made[0] = ClientCodec.DEFAULT.install(channel, protocol);
                            }
                        })
                .connect(upstream)
                .addListener(done -> {
                    if (done.isSuccess()) {
                        pool.add(made[0]);
                        loop.execute(() -> exchange.start(made[0]));
                    } else {
                        exchange.onFailed(
                                new StreamReset(StreamReset.Cause.CONNECT_FAILED, true, "test"));
                    }
                });
    }

    /** One exchange, both bodies with back-pressure. */
    private final class Exchange implements ResponseReceiver {
        private final ServerStream server;

        Exchange(ServerStream server) {
            this.server = server;
        }

        void start(ClientConnection connection) {
            boolean ended = server.requestEnded();
            ClientStream client = connection.open(server.request(), ended, this);
            server.onClientGone(client::cancel);
            if (!ended) {
                BodySource source = server.requestBody();
                source.start(new Pump(source, client.requestBody()));
            }
        }

        @Override
        public void onInterim(ResponseHead head) {
            server.interim(head);
        }

        @Override
        public void onHead(ResponseHead head, BodySource body, boolean ended) {
            BodySink sink = server.respond(head, ended);
            if (!ended) {
                body.start(new Pump(body, sink));
            }
        }

        @Override
        public void onFailed(StreamReset reset) {
            resets.add(reset);
            server.respond(new ResponseHead(502, new HeaderBlock()), /* ended= */ true);
        }
    }

    /** Moves a body from a source to a sink. */
    private final class Pump implements BodyReceiver {
        private final BodySource source;
        private final BodySink sink;

        Pump(BodySource source, BodySink sink) {
            this.source = source;
            this.sink = sink;
            sink.onWritable(source::resume);
        }

        @Override
        public void onData(ByteBuf data, boolean last) {
            sink.data(data, last);
            if (!sink.isWritable()) {
                source.pause();
            }
        }

        @Override
        public void onTrailers(HeaderBlock trailers) {
            sink.trailers(trailers);
        }

        @Override
        public void onReset(StreamReset reset) {
            resets.add(reset);
            sink.reset(reset);
        }
    }
}
