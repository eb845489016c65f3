package dev.sluice.chaos.load.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** The connections to one target, of which those without work wait. Owned by its event loop. */
final class Connections {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final int LONGEST_HEAD = 65_536;

    private final Deque<Connection> idle = new ArrayDeque<>();
    private final InetSocketAddress address;
    private final Optional<SslContext> tls;
    private final Bootstrap bootstrap;

    /**
     * @param most how long a connection may take to come about
     */
    Connections(URI target, Duration most, EventLoop loop) {
        boolean secure = "https".equalsIgnoreCase(target.getScheme());
        int port = target.getPort() >= 0 ? target.getPort() : secure ? HTTPS : HTTP;
        this.address = new InetSocketAddress(target.getHost(), port);
        this.tls = secure ? Optional.of(tls()) : Optional.empty();
        this.bootstrap =
                new Bootstrap()
                        .group(loop)
                        .channel(NioSocketChannel.class)
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(
                                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                                Math.toIntExact(most.toMillis()))
                        .handler(
                                new ChannelInitializer<SocketChannel>() {
                                    @Override
                                    protected void initChannel(SocketChannel channel) {
                                        begin(channel);
                                    }
                                });
    }

    private static SslContext tls() {
        try {
            return SslContextBuilder.forClient().endpointIdentificationAlgorithm("HTTPS").build();
        } catch (SSLException noTls) {
            throw new IllegalStateException("this JDK can't speak TLS", noTls);
        }
    }

    /** Opens a connection that then waits; none when it can't. */
    Future<Void> open() {
        return bootstrap
                .connect(address)
                .addListener((ChannelFuture connected) -> {
                    if (connected.isSuccess()) {
                        waits(connected.channel().pipeline().get(Connection.class));
                    }
                });
    }

    /** Adds what speaks HTTP to a channel without TLS. */
    Connection speak(Channel channel) {
        Connection connection = new Connection(channel, this);
        channel.pipeline()
                .addLast(
                        new HttpClientCodec(
                                new HttpDecoderConfig()
                                        .setMaxHeaderSize(LONGEST_HEAD)
                                        .setValidateHeaders(false),
                                /* parseHttpAfterConnectRequest= */ false,
                                /* failOnMissingResponse= */ false),
                        connection);
        return connection;
    }

    private void begin(SocketChannel channel) {
        tls.ifPresent(context ->
                channel.pipeline()
                        .addLast(
                                context.newHandler(
                                        channel.alloc(),
                                        address.getHostString(),
                                        address.getPort())));
        Connection unused = speak(channel);
    }

    /** Sends on a connection that waits, the last used first, or on a new one. */
    void send(FullHttpRequest request, Exchange exchange) {
        Connection waiting = idle.pollLast();
        if (waiting != null) {
            waiting.send(request, exchange);
            return;
        }
        bootstrap
                .connect(address)
                .addListener((ChannelFuture connected) -> {
                    if (!connected.isSuccess()) {
                        request.release();
                        exchange.broken(Connection.words(connected.cause()));
                    } else if (exchange.isOver()) {
                        request.release();
                        waits(connected.channel().pipeline().get(Connection.class));
                    } else {
                        connected
                                .channel()
                                .pipeline()
                                .get(Connection.class)
                                .send(request, exchange);
                    }
                });
    }

    /** It has no work. */
    void waits(Connection connection) {
        idle.addLast(connection);
    }

    /** It is no more. */
    void gone(Connection connection) {
        idle.remove(connection);
    }
}
