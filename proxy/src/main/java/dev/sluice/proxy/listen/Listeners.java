package dev.sluice.proxy.listen;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.cluster.Loop;
import dev.sluice.proxy.exchange.RefusalObserver;
import dev.sluice.proxy.handover.HandedSockets;
import dev.sluice.proxy.overload.Overload;
import dev.sluice.proxy.pool.Transport;
import dev.sluice.proxy.runtime.RuntimeLayers;
import dev.sluice.proxy.snapshot.listener.ListenerSpec;
import dev.sluice.proxy.snapshot.listener.ListenerSpec.Binding;
import dev.sluice.proxy.snapshot.listener.ListenerSpec.Exemption;
import dev.sluice.proxy.snapshot.overload.OverloadSpec.Action;
import dev.sluice.proxy.tls.TlsContexts;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All listeners in force. A listener that did not change keeps socket and connections through any
 * number of swaps; one that changed keeps its socket where the address is the same, and asks only
 * its own connections to leave. Owned by the configuration thread, where it may block while a
 * socket is bound.
 */
public final class Listeners {
    private final EventLoopGroup group;
    private final Sockets sockets;
    private final List<Loop> loops;
    private final Surroundings around;
    private final Elsewhere elsewhere = new Elsewhere();
    private final Map<String, Open> open = new HashMap<>();
    private final List<Generation> leaving = new ArrayList<>();
    private Stopped stopped = Stopped.NONE;

    /**
     * @param group the loops, as Netty sees them
     * @param sockets where listening sockets come from
     * @param loops the same loops
     */
    public Listeners(EventLoopGroup group, Sockets sockets, List<Loop> loops, Surroundings around) {
        this.group = group;
        this.sockets = sockets;
        this.loops = List.copyOf(loops);
        this.around = around;
    }

    /**
     * Where listening sockets come from.
     *
     * @param transport of those that are bound
     * @param handed those that another process left to this one
     */
    public record Sockets(Transport transport, HandedSockets handed) {}

    /**
     * What listeners work with.
     *
     * @param paths that requests take
     * @param tcp what carries bytes
     * @param tls contexts in force
     * @param overload what load is shed
     * @param runtime values in force now
     * @param observers are told what happens before the path
     */
    public record Surroundings(
            PathFactory paths,
            TcpFactory tcp,
            TlsContexts tls,
            Overload overload,
            RuntimeLayers runtime,
            Observers observers) {}

    /**
     * Who is told what happens before the path of a request begins.
     *
     * @param refusals requests that a codec refused
     * @param connections connections opened and closed
     */
    public record Observers(RefusalObserver refusals, ConnectionObserver connections) {}

    /** A listening socket. */
    public record Bound(String name, InetSocketAddress address) {}

    /**
     * Puts these listeners in force. One that can't be bound is reported, and the one of its name
     * that was there stays. What was drained stays away.
     */
    public List<Problem> update(List<ListenerSpec> all) {
        List<ListenerSpec> specs = all.stream().filter(spec -> !stopped.holds(spec)).toList();
        List<Problem> problems = new ArrayList<>();
        Map<String, ListenerSpec> wanted = new HashMap<>();
        specs.forEach(spec -> wanted.put(spec.name(), spec));
        for (Open one : List.copyOf(open.values())) {
            String name = one.generation.spec().name();
            if (!wanted.containsKey(name)) {
                open.remove(name);
                leave(one);
            }
        }
        for (ListenerSpec spec : specs) {
            put(spec).ifPresent(problems::add);
        }
        elsewhere.replace(open.values().stream().map(one -> one.generation).toList());
        leaving.removeIf(generation -> generation.open() == 0);
        return problems;
    }

    /** Listening sockets, for another process. */
    public List<Channel> sockets() {
        return open.values().stream().flatMap(one -> one.socket.stream()).toList();
    }

    /** Listening sockets, by the order of their names. */
    public List<Bound> bound() {
        return open.values().stream()
                .filter(one -> one.socket.isPresent())
                .map(one -> new Bound(one.generation.spec().name(), one.address()))
                .sorted((a, b) -> a.name().compareTo(b.name()))
                .toList();
    }

    /**
     * Lets new connections wait in the kernel while the overload manager says so. On the socket's
     * own loop, since a read that is pending is only taken back there.
     */
    public void shed() {
        boolean waits = around.overload().isFull(Action.STOP_ACCEPTING_CONNECTIONS);
        for (Open one : open.values()) {
            boolean exempt = one.generation.spec().exempt().contains(Exemption.OVERLOAD);
            one.socket.ifPresent(socket ->
                    socket.eventLoop()
                            .execute(() -> socket.config().setAutoRead(exempt || !waits)));
        }
    }

    /** Stops accepting and asks all clients to leave. */
    public void drain() {
        stop(Stopped.ALL);
    }

    /** As {@link #drain}, of the listeners alone whose connections are those of callers. */
    public void drainInbound() {
        if (stopped == Stopped.NONE) {
            stop(Stopped.INBOUND);
        }
    }

    private void stop(Stopped which) {
        stopped = which;
        for (Open one : List.copyOf(open.values())) {
            ListenerSpec spec = one.generation.spec();
            if (which.holds(spec)) {
                open.remove(spec.name());
                leave(one);
            }
        }
        elsewhere.replace(open.values().stream().map(one -> one.generation).toList());
    }

    /** Closes every connection that is left. */
    public void close() {
        drain();
        leaving.forEach(Generation::close);
    }

    /** Connections open now, those that are leaving included. */
    public int connections() {
        int left = leaving.stream().mapToInt(Generation::open).sum();
        return left + open.values().stream().mapToInt(one -> one.generation.open()).sum();
    }

    private Optional<Problem> put(ListenerSpec spec) {
        Open before = open.get(spec.name());
        if (before != null && before.generation.spec().equals(spec)) {
            return Optional.empty();
        }
        Generation next = new Generation(spec, loops, around, elsewhere);
        if (before != null && isBoundAlike(before.generation.spec(), spec)) {
            Generation old = before.generation;
            before.generation = next;
            leaving.add(old);
            old.drain();
            return Optional.empty();
        }
        Open fresh = new Open(next);
        Optional<Problem> problem =
                switch (spec.reach().binding()) {
                    case SOCKET -> fresh.bind();
                    case NONE -> taken(spec);
                };
        if (problem.isEmpty()) {
            open.put(spec.name(), fresh);
            if (before != null) {
                leave(before);
            }
        }
        return problem;
    }

    /** Another listener that is given the connections that this one is to be given. */
    private Optional<Problem> taken(ListenerSpec wanted) {
        return open.values().stream()
                .map(one -> one.generation.spec())
                .filter(other ->
                        other.reach().binding() == Binding.NONE
                                && !other.name().equals(wanted.name())
                                && other.address().equals(wanted.address()))
                .findFirst()
                .map(other ->
                        new Problem(
                                "listener '" + wanted.name() + "'",
                                wanted.address() + ", which listener '" + other.name() + "' has",
                                "an address of its own for each listener that binds no port",
                                "change the address, or make one listener of both"));
    }

    private static boolean isBoundAlike(ListenerSpec a, ListenerSpec b) {
        return a.address().equals(b.address()) && a.reach().binding() == b.reach().binding();
    }

    private void leave(Open gone) {
        gone.socket.ifPresent(socket -> {
            var unused = socket.close();
        });
        leaving.add(gone.generation);
        gone.generation.drain();
    }

    /** A listening socket and the version of the listener that new connections get. */
    private final class Open extends ChannelInitializer<Channel> {
        private volatile Generation generation;
        private Optional<Channel> socket = Optional.empty();

        Open(Generation generation) {
            this.generation = generation;
        }

        InetSocketAddress address() {
            return (InetSocketAddress) socket.orElseThrow().localAddress();
        }

        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        protected void initChannel(Channel channel) {
            generation.accept(channel);
        }

        Optional<Problem> bind() {
            ListenerSpec spec = generation.spec();
            ServerBootstrap bootstrap =
                    new ServerBootstrap()
                            .group(group)
                            .option(ChannelOption.SO_REUSEADDR, true)
                            .option(ChannelOption.SO_BACKLOG, 1024)
                            .childOption(ChannelOption.TCP_NODELAY, true)
                            .childHandler(this);
            var bound =
                    sockets.handed()
                            .listen(
                                    bootstrap,
                                    sockets.transport().serverChannel(),
                                    spec.address().address(),
                                    spec.address().port())
                            .awaitUninterruptibly();
            if (bound.isSuccess()) {
                socket = Optional.of(bound.channel());
                return Optional.empty();
            }
            return Optional.of(
                    new Problem(
                            "listener '" + spec.name() + "'",
                            spec.address() + ": " + bound.cause().getMessage(),
                            "an address of this machine that is free",
                            "change address or port, or stop who has it"));
        }
    }
}
