package dev.sluice.proxy.listen;

import dev.sluice.proxy.cluster.Loop;
import dev.sluice.proxy.codec.ServerCodec;
import dev.sluice.proxy.codec.TransportSecurity.Addresses;
import dev.sluice.proxy.exchange.ServerConnection;
import dev.sluice.proxy.snapshot.listener.FilterChainSpec;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.CodecType;
import dev.sluice.proxy.snapshot.listener.ListenerSpec;
import dev.sluice.proxy.snapshot.listener.TcpProxySpec;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * One version of a listener and the connections accepted under it, which keep its settings to their
 * end. Thread-safe: what it holds for a loop is touched on that loop only.
 */
final class Generation {
    private final ListenerSpec spec;
    private final Listeners.Surroundings around;
    private final IdentityHashMap<EventLoop, OnLoop> byLoop = new IdentityHashMap<>();
    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean leaving;
    private final Admission admission;

    private record OnLoop(Loop loop, ChainChoice chains, Connections connections) {}

    /**
     * @param elsewhere other listeners, for connections that wanted to reach these
     */
    Generation(
            ListenerSpec spec,
            List<Loop> loops,
            Listeners.Surroundings around,
            Elsewhere elsewhere) {
        this.spec = spec;
        this.around = around;
        admission = new Admission(around.overload(), spec.exempt());
        Map<String, ConnectionLimit> limits = limits(spec, around);
        for (Loop loop : loops) {
            ChainChoice chains =
                    new ChainChoice(
                            spec,
                            spec.chains().stream().map(chain -> on(loop, chain, limits)).toList(),
                            spec.defaultChain().map(chain -> on(loop, chain, limits)),
                            around.observers().connections(),
                            elsewhere);
            byLoop.put(loop.executor(), new OnLoop(loop, chains, new Connections(loop.executor())));
        }
    }

    /** By the names of their chains; one for all loops. */
    private static Map<String, ConnectionLimit> limits(
            ListenerSpec spec, Listeners.Surroundings around) {
        Map<String, ConnectionLimit> limits = new HashMap<>();
        ConnectionObserver observer = around.observers().connections();
        spec.allChains()
                .forEach(chain ->
                        chain.limit()
                                .ifPresent(limit ->
                                        limits.put(
                                                chain.name(),
                                                new ConnectionLimit(
                                                        limit,
                                                        around.runtime(),
                                                        why ->
                                                                observer.refused(
                                                                        spec.name(), why)))));
        return limits;
    }

    private ChainOnLoop on(Loop loop, FilterChainSpec chain, Map<String, ConnectionLimit> limits) {
        NetworkFilter filter =
                switch (chain.filter()) {
                    case HttpConnectionManagerSpec http -> http(loop, chain, http);
                    case TcpProxySpec tcp -> around.tcp().create(loop, spec.name(), tcp);
                };
        ConnectionLimit limit = limits.get(chain.name());
        return new ChainOnLoop(
                chain,
                chain.tls().map(around.tls()::server),
                limit == null ? filter : limit.before(filter));
    }

    private NetworkFilter http(Loop loop, FilterChainSpec chain, HttpConnectionManagerSpec http) {
        ServerCodec codec =
                new ServerCodec(
                        http,
                        around.paths().create(loop, spec, chain, http),
                        around.observers().refusals());
        return (channel, security, alpn) -> {
            Addresses client = new Addresses(security.remote(channel), security.local(channel));
            channel.closeFuture().addListener(closed -> loop.departures().left(client));
            return codec.install(channel, security, agreed(alpn));
        };
    }

    private static CodecType agreed(String alpn) {
        return switch (alpn) {
            case "h2" -> CodecType.HTTP2;
            case "http/1.1", "http/1.0" -> CodecType.HTTP1;
            default -> CodecType.AUTO;
        };
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
        if (!admission.admits(here(channel).loop.random())) {
            around.observers().connections().refused(spec.name(), "overload");
            var unused = channel.close();
            return;
        }
        channel.closeFuture().addListener(closed -> admission.left());
        if (receive(channel, Optional.empty()).isEmpty()) {
            var unused = channel.close();
        }
    }

    /**
     * Takes a connection that another listener has accepted, on its loop; empty: it is refused.
     *
     * @param facts that the other one found out
     */
    Optional<ServerConnection> takeOver(Channel channel, ConnectionFacts facts) {
        return receive(channel, Optional.of(facts));
    }

    private Optional<ServerConnection> receive(Channel channel, Optional<ConnectionFacts> facts) {
        OnLoop here = here(channel);
        Presence presence = new Presence(here.connections);
        channel.closeFuture().addListener(closed -> presence.end());
        Optional<ServerConnection> connection = here.chains.begin(channel, facts, presence::end);
        connection.ifPresent(presence::is);
        return connection;
    }

    private OnLoop here(Channel channel) {
        OnLoop here = byLoop.get(channel.eventLoop());
        if (here == null) {
            throw new IllegalStateException("a connection on a loop of somebody else");
        }
        return here;
    }

    /** A connection, from when it came until it closes or another listener takes it. Loop-owned. */
    private final class Presence {
        private final Connections connections;
        private Optional<ServerConnection> connection = Optional.empty();
        private boolean over;

        Presence(Connections connections) {
            this.connections = connections;
            open.incrementAndGet();
            around.observers().connections().opened(spec.name());
        }

        void is(ServerConnection begun) {
            if (over) {
                return;
            }
            connection = Optional.of(begun);
            connections.add(begun);
            if (leaving) {
                begun.drain();
            }
        }

        void end() {
            if (over) {
                return;
            }
            over = true;
            connection.ifPresent(connections::remove);
            open.decrementAndGet();
            around.observers().connections().closed(spec.name());
        }
    }

    /** Asks all clients to leave, those too whose connections are on their way to a loop. */
    void drain() {
        leaving = true;
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
