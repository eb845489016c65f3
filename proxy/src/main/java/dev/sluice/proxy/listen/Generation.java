package dev.sluice.proxy.listen;

import dev.sluice.proxy.cluster.Loop;
import dev.sluice.proxy.codec.ServerCodec;
import dev.sluice.proxy.codec.TransportSecurity;
import dev.sluice.proxy.exchange.RefusalObserver;
import dev.sluice.proxy.exchange.ServerConnection;
import dev.sluice.proxy.snapshot.HttpConnectionManagerSpec;
import dev.sluice.proxy.snapshot.ListenerSpec;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.IdentityHashMap;
import java.util.List;
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

    private record OnLoop(ServerCodec codec, Connections connections) {}

    Generation(
            ListenerSpec spec,
            List<Loop> loops,
            PathFactory paths,
            RefusalObserver refusals,
            ConnectionObserver observer) {
        this.spec = spec;
        this.observer = observer;
        HttpConnectionManagerSpec http =
                switch (spec.chains().getFirst().filter()) {
                    case HttpConnectionManagerSpec manager -> manager;
                };
        for (Loop loop : loops) {
            ServerCodec codec =
                    new ServerCodec(http, paths.create(loop, spec.name(), http), refusals);
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
        ServerConnection connection = here.codec.install(channel, TransportSecurity.CLEAR);
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
