package dev.sluice.proxy.listen;

import dev.sluice.proxy.cluster.Loop;
import dev.sluice.proxy.codec.ServerCodec;
import dev.sluice.proxy.codec.TransportSecurity;
import dev.sluice.proxy.exchange.ServerConnection;
import dev.sluice.proxy.snapshot.HttpConnectionManagerSpec;
import dev.sluice.proxy.snapshot.ListenerSpec;
import dev.sluice.proxy.tls.ServerTls;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * One version of a listener and the connections accepted under it, which keep its settings to their
 * end. Thread-safe: what it holds for a loop is touched on that loop only.
 */
final class Generation {
    private final ListenerSpec spec;
    private final ConnectionObserver observer;
    private final IdentityHashMap<EventLoop, OnLoop> byLoop = new IdentityHashMap<>();
    private final AtomicInteger open = new AtomicInteger();

    private final Optional<ServerTls> tls;

    private record OnLoop(ServerCodec codec, Connections connections) {}

    Generation(ListenerSpec spec, List<Loop> loops, Listeners.Surroundings around) {
        this.spec = spec;
        this.observer = around.observers().connections();
        tls = spec.chains().getFirst().tls().map(around.tls()::server);
        HttpConnectionManagerSpec http =
                switch (spec.chains().getFirst().filter()) {
                    case HttpConnectionManagerSpec manager -> manager;
                };
        for (Loop loop : loops) {
            ServerCodec codec =
                    new ServerCodec(
                            http,
                            around.paths().create(loop, spec.name(), http),
                            around.observers().refusals());
            byLoop.put(loop.executor(), new OnLoop(codec, new Connections(loop.executor())));
        }
    }

    ListenerSpec spec() {
        return spec;
    }

    /** Connections still open. */
    int open() {
        return open.get();
    }

    /** Takes an accepted connection, on its loop. */
    void accept(Channel channel) {
        OnLoop here = byLoop.get(channel.eventLoop());
        if (here == null) {
            throw new IllegalStateException("a connection on a loop of somebody else");
        }
        Optional<ServerConnection> installed =
                tls.isEmpty()
                        ? Optional.of(here.codec.install(channel, TransportSecurity.CLEAR))
                        : secure(tls.get(), here.codec, channel);
        if (installed.isEmpty()) {
            observer.handshakeFailed(spec.name(), "no certificate yet");
            var unused = channel.close();
            return;
        }
        ServerConnection connection = installed.get();
        here.connections.add(connection);
        open.incrementAndGet();
        observer.opened(spec.name());
        channel.closeFuture()
                .addListener(closed -> {
                    here.connections.remove(connection);
                    open.decrementAndGet();
                    observer.closed(spec.name());
                });
    }

    private Optional<ServerConnection> secure(
            ServerTls secured, ServerCodec codec, Channel channel) {
        return secured.handler(channel.alloc())
                .map(handler -> {
                    handler.setHandshakeTimeoutMillis(
                            spec.chains().getFirst().handshakeTimeout().toMillis());
                    SecuredConnection connection =
                            new SecuredConnection(
                                    handler,
                                    codec,
                                    cause ->
                                            observer.handshakeFailed(
                                                    spec.name(), String.valueOf(cause)));
                    channel.pipeline().addLast(handler, connection);
                    return connection;
                });
    }

    /** Asks all clients to leave. */
    void drain() {
        onEveryLoop(Connections::drain);
    }

    /** Closes all connections. */
    void close() {
        onEveryLoop(Connections::close);
    }

    private void onEveryLoop(Consumer<Connections> action) {
        byLoop.forEach((loop, here) -> loop.execute(() -> action.accept(here.connections)));
    }
}
