package dev.sluice.chaos.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Clients that hold on to a server until they are closed. A connection that the server ends is
 * replaced by a new one, and one that it refuses is tried again. Thread-safe.
 */
public final class SlowClients implements AutoCloseable {
    private static final int CONNECT_MILLIS = 10_000;
    private static final int AGAIN_MILLIS = 500;
    private static final int SMALL_BUFFER = 4_096;
    private static final int END_SECONDS = 10;

    private final SlowClientSettings settings;
    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(
                    1,
                    new DefaultThreadFactory("slow-clients", /* daemon= */ true),
                    NioIoHandler.newFactory());
    private final ClientCounts counts = new ClientCounts();
    private final ChannelGroup open = new DefaultChannelGroup(loop.next(), /* stayClosed= */ true);
    private final Bootstrap bootstrap;

    /**
     * What was seen so far.
     *
     * @param mostOpen largest number of connections that were open at once
     * @param ended connections that the server has ended
     * @param refused attempts to connect that failed
     * @param longestLife of a connection; one that is still open has lived until now
     */
    public record Seen(int mostOpen, long ended, long refused, Duration longestLife) {}

    private SlowClients(SlowClientSettings settings) {
        this.settings = settings;
        this.bootstrap =
                new Bootstrap()
                        .group(loop)
                        .channel(NioSocketChannel.class)
                        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                        .handler(
                                new ChannelInitializer<SocketChannel>() {
                                    @Override
                                    protected void initChannel(SocketChannel channel) {
                                        open.add(channel);
                                        channel.pipeline()
                                                .addLast(new SlowClient(settings, counts));
                                    }
                                });
        if (settings.slowness() == Slowness.READERS) {
            bootstrap
                    .option(ChannelOption.AUTO_READ, false)
                    .option(ChannelOption.SO_RCVBUF, SMALL_BUFFER)
                    .option(
                            ChannelOption.RECVBUF_ALLOCATOR,
                            new FixedRecvByteBufAllocator(settings.piece()).maxMessagesPerRead(1));
        }
    }

    /**
     * Begins to connect.
     *
     * @param settings without problems
     */
    public static SlowClients begin(SlowClientSettings settings) {
        SlowClients clients = new SlowClients(settings);
        for (int i = 0; i < settings.connections(); i++) {
            clients.connect();
        }
        return clients;
    }

    private void connect() {
        bootstrap
                .connect(settings.target().getHost(), settings.port())
                .addListener((ChannelFuture connected) -> {
                    if (connected.isSuccess()) {
                        connected
                                .channel()
                                .closeFuture()
                                .addListener(_ -> again(connected.channel()));
                    } else {
                        counts.refused();
                        again(connected.channel());
                    }
                });
    }

    private void again(Channel gone) {
        if (!loop.isShuttingDown()) {
            var unused =
                    gone.eventLoop().schedule(this::connect, AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** What was seen until now. */
    public Seen seen() {
        return loop.next()
                .submit(() -> counts.seen(System.nanoTime()))
                .syncUninterruptibly()
                .getNow();
    }

    /** Ends all connections. */
    @Override
    public void close() {
        open.close().awaitUninterruptibly();
        loop.shutdownGracefully(0, END_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
