package dev.sluice.testkit.http;

import dev.sluice.testkit.Mailbox;
import dev.sluice.testkit.Patience;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A scripted HTTP/2 server (prior knowledge, no TLS) on a free loopback port: {@code
 * H2Upstream.start(request -> H2Answer.ok("body"))}. Thread-safe; each stream's script runs on a
 * virtual thread of its own and may block. A script that throws resets its stream with
 * INTERNAL_ERROR and fails the test at {@link #close}.
 */
public final class H2Upstream implements AutoCloseable {
    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Mailbox<H2Message> requests = new Mailbox<>("a request at an HTTP/2 upstream");
    private final Set<H2Connection> live = ConcurrentHashMap.newKeySet();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private final H2Settings settings;
    private final H2Answer script;
    private final Channel listener;
    private volatile boolean closing;

    private H2Upstream(H2Settings settings, Function<H2Upstream, H2Answer> script) {
        this.settings = settings;
        this.script = script.apply(this);
        this.listener = listen();
    }

    /** Reads each request whole, then plays the answer that the script gives for it. */
    public static H2Upstream start(Function<H2Message, H2Answer> script) {
        return start(H2Settings.STANDARD, script);
    }

    /** The same with other settings. */
    public static H2Upstream start(H2Settings settings, Function<H2Message, H2Answer> script) {
        return new H2Upstream(
                settings,
                upstream ->
                        stream -> {
                            H2Message request = stream.readMessage();
                            upstream.requests.put(request);
                            script.apply(request).play(stream);
                        });
    }

    /**
     * Plays the answer as soon as a head is read; the script reads the body when and if it wants to
     * (early answers, streaming both ways, held windows). The record has the head only.
     */
    public static H2Upstream startAtHead(
            H2Settings settings, Function<H2Message, H2Answer> script) {
        return new H2Upstream(
                settings,
                upstream ->
                        stream -> {
                            H2Message head = head(stream.readHead());
                            upstream.requests.put(head);
                            script.apply(head).play(stream);
                        });
    }

    public int port() {
        return address().getPort();
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** Takes the next request's record, waiting for it: whole, or its head in startAtHead. */
    public H2Message next() {
        return requests.next();
    }

    /** All requests so far. */
    public List<H2Message> received() {
        return requests.received();
    }

    /** Connections accepted since the start. */
    public int connections() {
        return accepted.get();
    }

    /** Connections that neither side has ended yet. */
    public List<H2Connection> liveConnections() {
        return live.stream().filter(H2Connection::isLive).toList();
    }

    /** Ends all connections; throws what a script threw, unless its peer had gone. */
    @Override
    public void close() {
        closing = true;
        threads.shutdownNow();
        Patience.await(
                loop.shutdownGracefully(0, 1, TimeUnit.SECONDS), "the upstream's loop to end");
        Throwable first = failures.poll();
        if (first != null) {
            AssertionError failed = new AssertionError("an upstream's script failed", first);
            failures.forEach(failed::addSuppressed);
            throw failed;
        }
    }

    private Channel listen() {
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(loop)
                        .channel(NioServerSocketChannel.class)
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        accept(channel);
                                    }
                                });
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return bootstrap.bind(any).syncUninterruptibly().channel();
    }

    private void accept(Channel channel) {
        H2Connection connection =
                new H2Connection(
                        accepted.incrementAndGet(),
                        channel,
                        stream -> threads.execute(() -> play(stream)));
        live.add(connection);
        channel.closeFuture().addListener(_ -> live.remove(connection));
        channel.pipeline()
                .addLast(
                        Http2FrameCodecBuilder.forServer()
                                .initialSettings(settings.forServer())
                                .gracefulShutdownTimeoutMillis(0)
                                .validateHeaders(false)
                                .build(),
                        connection.receiver());
    }

    private void play(H2Stream stream) {
        try {
            script.play(stream);
        } catch (RuntimeException | AssertionError failed) {
            if (!closing && stream.connection().isLive()) {
                failures.add(failed);
                stream.connection().tell(stream.resetFrame(Http2Error.INTERNAL_ERROR));
            }
        }
    }

    private static H2Message head(Headers head) {
        return new H2Message(
                List.of(), head, Body.EMPTY, Headers.NONE, new H2Message.End.Complete());
    }
}
