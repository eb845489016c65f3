package dev.sluice.chaos.toxiproxy;

import dev.sluice.chaos.toxiproxy.toxic.Direction;
import dev.sluice.chaos.toxiproxy.toxic.Toxic;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An enabled proxy: its listening socket and all its connections. Thread-safe; {@link #open},
 * {@link #apply} and {@link #close} block and belong to the API thread.
 */
final class Listening {
    /**
     * What a proxy's connections are made of.
     *
     * @param upstream at first
     * @param connections counts the proxy's connections
     * @param toxics the proxy's toxics at any time
     */
    record Plan(
            String proxy, String upstream, AtomicLong connections, Supplier<List<Toxic>> toxics) {}

    private final Plan plan;
    private final Shared shared;
    private final Set<DuplexChannel> clients = ConcurrentHashMap.newKeySet();
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private volatile String upstream;
    private volatile boolean closed;
    private @Nullable Channel listener; // set by bind, before anybody else has this

    private Listening(Plan plan, Shared shared) {
        this.plan = plan;
        this.shared = shared;
        this.upstream = plan.upstream();
    }

    /**
     * Listens from now on.
     *
     * @throws IOException when the address can't be bound
     */
    static Listening open(Plan plan, Shared shared, InetSocketAddress address) throws IOException {
        Listening opened = new Listening(plan, shared);
        opened.bind(address);
        return opened;
    }

    private void bind(InetSocketAddress address) throws IOException {
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(shared.sockets().loops())
                        .channel(NioServerSocketChannel.class)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.AUTO_READ, false)
                        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(new Accepted(this::accepted))
                        .bind(address)
                        .awaitUninterruptibly();
        listener = bound.channel();
        if (bound.cause() != null) {
            throw bound.cause() instanceof IOException refused
                    ? refused
                    : new IOException(bound.cause());
        }
        shared.sockets().track(listener);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener().localAddress();
    }

    private Channel listener() {
        return Objects.requireNonNull(listener, "not bound");
    }

    /** Waits until each connection has the proxy's present toxics. */
    void apply() {
        List<Toxic> toxics = plan.toxics().get();
        List<Future<?>> applied = new ArrayList<>();
        for (Connection connection : connections) {
            applied.add(connection.loop().submit(() -> connection.apply(toxics)));
        }
        applied.forEach(Future::syncUninterruptibly);
    }

    /** Closes every connection and forwards new ones elsewhere; the socket goes on listening. */
    void forward(String elsewhere) {
        upstream = elsewhere;
        closeConnections();
    }

    /** Stops to listen and closes every connection; waits until that is done. */
    void close() {
        closed = true;
        Sockets.stopListening(listener());
        closeConnections();
    }

    private void closeConnections() {
        List<Future<?>> ended = new ArrayList<>();
        for (Connection connection : connections) {
            ended.add(connection.loop().submit(connection::close));
        }
        for (DuplexChannel client : clients) {
            ended.add(client.close());
        }
        ended.forEach(Future::awaitUninterruptibly);
    }

    private void accepted(DuplexChannel client) {
        long number = plan.connections().incrementAndGet();
        shared.sockets().track(client);
        clients.add(client);
        client.closeFuture().addListener(gone -> clients.remove(client));
        if (closed) {
            var unused = client.close();
            return;
        }
        shared.sockets()
                .resolve(
                        upstream,
                        client.eventLoop(),
                        address -> connect(client, number, address),
                        failed -> {
                            var unused = client.close();
                        });
    }

    private void connect(DuplexChannel client, long number, InetSocketAddress address) {
        ChannelFuture connecting =
                new Bootstrap()
                        .group(client.eventLoop())
                        .channel(NioSocketChannel.class)
                        .option(ChannelOption.AUTO_READ, false)
                        .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                        .option(ChannelOption.TCP_NODELAY, true)
                        .handler(new ChannelInboundHandlerAdapter())
                        .connect(address);
        shared.sockets().track(connecting.channel());
        client.closeFuture()
                .addListener(gone -> {
                    if (!connecting.isDone()) {
                        var unused = connecting.channel().close();
                    }
                });
        connecting.addListener(connected -> {
            if (connected.isSuccess()) {
                begin(client, (DuplexChannel) connecting.channel(), number);
            } else {
                var unused = client.close();
            }
        });
    }

    private void begin(DuplexChannel client, DuplexChannel upstream, long number) {
        Connection connection =
                new Connection(
                        client,
                        upstream,
                        new Connection.Numbered(
                                plan.proxy(),
                                number,
                                shared.draws(),
                                counts(Direction.UPSTREAM),
                                counts(Direction.DOWNSTREAM)));
        connections.add(connection);
        client.closeFuture().addListener(gone -> forget(connection, upstream));
        upstream.closeFuture().addListener(gone -> forget(connection, client));
        connection.start(plan.toxics().get());
        if (closed || !client.isOpen()) {
            connection.close();
        }
    }

    private ByteCounts.Counts counts(Direction direction) {
        return shared.bytes().of(direction, HostPort.text(address()), plan.proxy(), upstream);
    }

    private void forget(Connection connection, Channel other) {
        if (!other.isOpen()) {
            connections.remove(connection);
        }
    }

    /** Hands each new client over, on its own loop. */
    @ChannelHandler.Sharable
    private static final class Accepted extends ChannelInboundHandlerAdapter {
        private final Consumer<DuplexChannel> active;

        Accepted(Consumer<DuplexChannel> active) {
            this.active = active;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            DuplexChannel client = (DuplexChannel) context.channel();
            client.pipeline().remove(this);
            active.accept(client);
        }
    }
}
