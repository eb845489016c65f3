package dev.sluice.testkit.http;

import dev.sluice.testkit.Patience;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * An HTTP/2 client (prior knowledge, no TLS) that sends frame by frame. Thread-safe. Header fields
 * are sent as given, valid or not.
 */
public final class H2Client implements AutoCloseable {
    private final EventLoopGroup loop;
    private final H2Connection connection;

    private H2Client(EventLoopGroup loop, H2Connection connection) {
        this.loop = loop;
        this.connection = connection;
    }

    /** Connects to a port of this machine and waits for its SETTINGS. */
    public static H2Client connect(int port) {
        return connect(port, H2Settings.STANDARD);
    }

    /** The same with other settings, such as a small window per stream. */
    public static H2Client connect(int port, H2Settings settings) {
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            return new H2Client(loop, connect(loop, port, settings));
        } catch (RuntimeException | AssertionError failed) {
            end(loop);
            throw failed;
        }
    }

    /** A stream on which nothing has been sent yet. */
    public H2Stream open() {
        return connection.open();
    }

    /** Opens a stream with a request head after which more follows. */
    public H2Stream open(String method, String path, String... namesAndValues) {
        H2Stream stream = open();
        stream.send(request(method, path, namesAndValues));
        return stream;
    }

    /** Sends a request without a body and reads the whole answer. */
    public H2Message get(String path, String... namesAndValues) {
        H2Stream stream = open();
        stream.sendLast(request("GET", path, namesAndValues));
        return stream.readMessage();
    }

    /** Sends a request with a body and reads the whole answer. */
    public H2Message post(String path, Body body, String... namesAndValues) {
        H2Stream stream = open("POST", path, namesAndValues);
        stream.sendLastData(body.bytes());
        return stream.readMessage();
    }

    /** A request head: pseudo-header fields ({@code :authority sluice.test}) and the given ones. */
    public static Headers request(String method, String path, String... namesAndValues) {
        Headers head =
                Headers.of(
                        ":method",
                        method,
                        ":scheme",
                        "http",
                        ":authority",
                        "sluice.test",
                        ":path",
                        path);
        for (Headers.Field field : Headers.of(namesAndValues).fields()) {
            head = head.with(field.name(), field.value());
        }
        return head;
    }

    public H2Connection connection() {
        return connection;
    }

    /**
     * Ends the connection and its loop. In this order: what a loop that ends still has to close may
     * stay open.
     */
    @Override
    public void close() {
        connection.disconnect();
        end(loop);
    }

    private static void end(EventLoopGroup loop) {
        Patience.await(loop.shutdownGracefully(0, 1, TimeUnit.SECONDS), "the client's loop to end");
    }

    private static H2Connection connect(EventLoopGroup loop, int port, H2Settings settings) {
        CompletableFuture<H2Connection> made = new CompletableFuture<>();
        Bootstrap bootstrap =
                new Bootstrap()
                        .group(loop)
                        .channel(NioSocketChannel.class)
                        .handler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        made.complete(prepare(channel, settings));
                                    }
                                });
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        Patience.await(bootstrap.connect(address), "a connection to " + address);
        H2Connection connection = Patience.await(made, "the pipeline of the connection");
        connection.awaitSettings();
        return connection;
    }

    private static H2Connection prepare(Channel channel, H2Settings settings) {
        H2Connection connection = new H2Connection(1, channel, stream -> {});
        channel.pipeline()
                .addLast(
                        Http2FrameCodecBuilder.forClient()
                                .initialSettings(settings.forClient())
                                .gracefulShutdownTimeoutMillis(0)
                                .validateHeaders(false)
                                .build(),
                        connection.receiver());
        return connection;
    }
}
