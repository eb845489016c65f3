package dev.sluice.chaos.toxiproxy;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A Toxiproxy inside the process: the HTTP API of version 2.12 and its toxics, with chance that a
 * seed repeats. Where it differs is listed in docs/toxiproxy-differences.md. Thread-safe; {@link
 * #close} ends its threads and closes every socket.
 */
public final class ToxiproxyServer implements AutoCloseable {
    /** Port of the API unless another is given. */
    public static final int DEFAULT_PORT = 8474;

    /** Longest body of an API call, in bytes; a longer one is answered with 413. */
    private static final int LONGEST_BODY = 4 << 20;

    private static final int END_SECONDS = 10;

    private final EventLoopGroup loops;
    private final ExecutorService apiThread;
    private final ExecutorService lookups;
    private final Sockets sockets;
    private final Sockets apiSockets;
    private final Proxies proxies;
    private final Api api;
    private @Nullable InetSocketAddress address; // set by start

    /** What the API shows beside its calls. */
    public enum Page {
        /** Nothing. */
        NONE,
        /** {@code /metrics}: bytes that proxies have received and sent, for Prometheus. */
        PROXY_METRICS
    }

    /**
     * What a server is started with.
     *
     * @param listen address of the API; port 0 is any free one
     * @param seed of everything that chance decides
     * @param loops threads that move bytes, 1 or more
     * @param page what the API shows beside its calls
     */
    public record Settings(InetSocketAddress listen, long seed, int loops, Page page) {
        /** A server that shows no metrics. */
        public Settings(InetSocketAddress listen, long seed, int loops) {
            this(listen, seed, loops, Page.NONE);
        }

        public Settings {
            if (loops < 1) {
                throw new IllegalArgumentException("loops " + loops + " (expected: 1 or more)");
            }
        }
    }

    private ToxiproxyServer(Settings settings) {
        this.loops =
                new MultiThreadIoEventLoopGroup(
                        settings.loops(),
                        new DefaultThreadFactory("toxiproxy", /* daemon= */ true),
                        NioIoHandler.newFactory());
        this.apiThread =
                Executors.newSingleThreadExecutor(
                        new DefaultThreadFactory("toxiproxy-api", /* daemon= */ true));
        this.lookups = Executors.newVirtualThreadPerTaskExecutor();
        this.sockets = new Sockets(loops, lookups);
        this.apiSockets = new Sockets(loops, lookups);
        Shared shared = new Shared(sockets, new Draws(settings.seed()), new ByteCounts());
        this.proxies = new Proxies(shared);
        this.api =
                new Api(
                        proxies,
                        settings.page() == Page.PROXY_METRICS
                                ? Optional.of(shared.bytes())
                                : Optional.empty());
    }

    /**
     * Starts a server.
     *
     * @throws IOException when the API's address can't be bound
     */
    public static ToxiproxyServer start(Settings settings) throws IOException {
        ToxiproxyServer server = new ToxiproxyServer(settings);
        try {
            server.bind(settings.listen());
            return server;
        } catch (IOException refused) {
            server.close();
            throw refused;
        }
    }

    private void bind(InetSocketAddress wanted) throws IOException {
        AtomicLong requests = new AtomicLong();
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(loops)
                        .channel(NioServerSocketChannel.class)
                        .childHandler(
                                new ChannelInitializer<SocketChannel>() {
                                    @Override
                                    protected void initChannel(SocketChannel channel) {
                                        apiSockets.track(channel);
                                        channel.pipeline()
                                                .addLast(new HttpServerCodec())
                                                .addLast(new HttpObjectAggregator(LONGEST_BODY))
                                                .addLast(new ApiHandler(api, apiThread, requests));
                                    }
                                })
                        .bind(wanted)
                        .awaitUninterruptibly();
        if (bound.cause() != null) {
            throw new IOException(
                    "the API can't listen on %s: %s"
                            .formatted(HostPort.text(wanted), bound.cause().getMessage()),
                    bound.cause());
        }
        apiSockets.track(bound.channel());
        address = (InetSocketAddress) bound.channel().localAddress();
    }

    /** Where the API listens. */
    public InetSocketAddress address() {
        return Objects.requireNonNull(address, "not bound");
    }

    /** Sockets of the proxies that are open: listening ones, clients and upstreams. */
    public int openSockets() {
        return sockets.open();
    }

    /**
     * Does a populate call from inside.
     *
     * @param json the array of proxies that {@code POST /populate} takes
     * @return what was wrong, in the API's words; empty when all proxies are as asked
     */
    public List<String> populate(String json) {
        return CompletableFuture.supplyAsync(() -> proxies.populate(json), apiThread)
                .join()
                .refused()
                .map(Refused::words)
                .stream()
                .toList();
    }

    /** Closes every socket and ends the threads; waits until that is done. */
    @Override
    public void close() {
        apiSockets.closeAll();
        CompletableFuture.runAsync(proxies::clear, apiThread).join();
        apiThread.shutdown();
        loops.shutdownGracefully(0, END_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
        lookups.shutdownNow();
    }
}
