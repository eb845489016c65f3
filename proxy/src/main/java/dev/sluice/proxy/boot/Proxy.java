package dev.sluice.proxy.boot;

import dev.sluice.contract.GateName;
import dev.sluice.contract.Problem;
import dev.sluice.contract.decide.HeldGate;
import dev.sluice.proxy.admin.ProxyState;
import dev.sluice.proxy.call.ClusterCalls;
import dev.sluice.proxy.cluster.Clusters;
import dev.sluice.proxy.cluster.ConfigurationThread;
import dev.sluice.proxy.cluster.Loop;
import dev.sluice.proxy.cluster.Timers;
import dev.sluice.proxy.fault.FaultBook;
import dev.sluice.proxy.filter.FilterFactory;
import dev.sluice.proxy.gate.GateTable;
import dev.sluice.proxy.gate.TraceDecisions;
import dev.sluice.proxy.gate.Trip;
import dev.sluice.proxy.gate.TripWatch;
import dev.sluice.proxy.listen.Listeners;
import dev.sluice.proxy.listen.NetworkFilter;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.overload.Overload;
import dev.sluice.proxy.path.ConfigurationInForce;
import dev.sluice.proxy.path.RequestPath;
import dev.sluice.proxy.path.Surroundings;
import dev.sluice.proxy.pool.CodecConnector;
import dev.sluice.proxy.pool.EndpointSocket;
import dev.sluice.proxy.probe.Probes;
import dev.sluice.proxy.snapshot.ProxySnapshot;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec;
import dev.sluice.proxy.snapshot.listener.ListenerSpec.Exemption;
import dev.sluice.proxy.tcp.TcpProxy;
import dev.sluice.proxy.tcp.TcpSurroundings;
import dev.sluice.proxy.telemetry.Metrics;
import dev.sluice.proxy.telemetry.trace.SpanSender;
import dev.sluice.proxy.tls.TlsContexts;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * One proxy, wired: event loops, clusters, gates, listeners. It serves nothing until a snapshot is
 * {@link #swap}ped in. Any number may live in one process. Thread-safe.
 */
public final class Proxy implements AutoCloseable {
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);
    private static final Duration DRAIN_POLL = Duration.ofMillis(50);

    /** The close of a socket, the hand-over of what it accepted, and its registration. */
    private static final int LOOP_ROUNDS = 3;

    private static final System.Logger LOG = System.getLogger(Proxy.class.getName());

    private final ProxySettings settings;
    private final ProxyObservers observers;
    private final MultiThreadIoEventLoopGroup group;
    private final TlsContexts tls;
    private final List<Loop> loops;
    private final ConfigurationExecutor thread = new ConfigurationExecutor();
    private final GateTable gates = new GateTable();
    private final TraceDecisions traces = new TraceDecisions();
    private final FaultBook faults;
    private final Overload overload;
    private final BooleanSupplier serving = this::isServing;
    private final TripWatch trips;
    private final Swapper swapper;
    private volatile Supplier<List<String>> waiting = List::of;
    private volatile Runnable onLatch = () -> {};
    private volatile boolean unhealthy;
    private volatile ProxyState state = new ProxyState.Starting("no configuration yet");

    private Proxy(ProxySettings settings, ProxyObservers observers) {
        this.settings = settings;
        this.observers = observers;
        group =
                new MultiThreadIoEventLoopGroup(
                        settings.eventLoops(),
                        new DefaultThreadFactory("sluice-loop"),
                        settings.transport().ioHandlers());
        Random random = new Random(settings.seed());
        faults = new FaultBook(Ticker.systemTicker(), settings.clock(), random::nextLong);
        overload = settings.overload();
        tls = new TlsContexts(settings.tls());
        loops = loops(group, settings, tls);
        trips =
                new TripWatch(
                        gates,
                        settings.identity().latches(),
                        settings.clock()::instant,
                        this::tripped);
        swapper = new Swapper(new OwnParts(), settings.clock());
        if (overload.looksAtMemory()) {
            thread.execute(this::shed);
        }
    }

    /** Starts the threads of a proxy without any configuration. */
    public static Proxy start(ProxySettings settings, ProxyObservers observers) {
        return new Proxy(settings, observers);
    }

    /**
     * Puts a snapshot in force; its clusters get endpoints first.
     *
     * @return listeners that could not be bound; all else is in force
     */
    public CompletableFuture<List<Problem>> swap(ProxySnapshot snapshot) {
        CompletableFuture<List<Problem>> done = new CompletableFuture<>();
        thread.execute(() -> onThread(() -> swapper.offer(snapshot, done), done));
        return done.thenApply(problems -> {
            if (state instanceof ProxyState.Starting) {
                state = new ProxyState.Live();
            }
            return problems;
        });
    }

    /** Listening sockets. */
    public CompletableFuture<List<Listeners.Bound>> bound() {
        CompletableFuture<List<Listeners.Bound>> answer = new CompletableFuture<>();
        thread.execute(() -> answer.complete(swapper.listeners().bound()));
        return answer;
    }

    /** Listening sockets, for the process that takes this one's place. */
    CompletableFuture<List<Channel>> sockets() {
        CompletableFuture<List<Channel>> answer = new CompletableFuture<>();
        thread.execute(() -> answer.complete(swapper.listeners().sockets()));
        return answer;
    }

    /** Whether it serves; draining, too, while its health is said to fail. */
    public ProxyState state() {
        if (unhealthy && state instanceof ProxyState.Live) {
            return new ProxyState.Draining();
        }
        List<String> reasons = waiting.get();
        return reasons.isEmpty() || state instanceof ProxyState.Draining
                ? state
                : new ProxyState.Starting(String.join("; ", reasons));
    }

    /** Whether it wants to be sent requests: probes of its health ask this. */
    private boolean isServing() {
        return state instanceof ProxyState.Live && !unhealthy;
    }

    /** From now on, probes of its health fail; connections are served as before. */
    public void failHealth() {
        unhealthy = true;
    }

    /** The opposite of {@link #failHealth}. */
    public void restoreHealth() {
        unhealthy = false;
    }

    /** Takes a gate back here, until a revision acknowledges it. */
    public GateTable.KillAnswer kill(GateName gate, String reason) {
        GateTable.KillAnswer answer =
                gates.kill(
                        gate,
                        new HeldGate.LocalKill(
                                settings.identity().latches().next(),
                                reason,
                                settings.clock().instant()));
        onLatch.run();
        return answer;
    }

    /** Who this proxy is in this run. */
    Identity identity() {
        return settings.identity();
    }

    /** The thread that owns the configuration. */
    ConfigurationThread thread() {
        return thread;
    }

    /** Trips of the gates in force. */
    TripWatch trips() {
        return trips;
    }

    /** Wall clock. */
    Clock clock() {
        return settings.clock();
    }

    /**
     * From now on somebody else gives the configuration.
     *
     * @param reasons why it does not serve yet; none: it does
     * @param latched run when a gate was taken back here; must not block
     */
    void managed(Supplier<List<String>> reasons, Runnable latched) {
        waiting = reasons;
        onLatch = latched;
    }

    /** Shows what this proxy counts itself. */
    void showOn(Metrics metrics) {
        metrics.gauge(
                "sluice.traces.active",
                "Traces whose requests under way hold decisions",
                traces,
                TraceDecisions::size);
        metrics.gauge(
                "sluice.traces.left.out",
                "Requests since the start whose decisions found no room",
                traces,
                TraceDecisions::leftOut);
        metrics.gauge(
                "sluice.faults.active", "Fault leases that inject now", faults, FaultBook::active);
        metrics.gauge(
                "sluice.overload.pressure",
                "Memory in use, percent of what the overload manager allows",
                overload,
                now -> Math.round(100 * now.pressure()));
    }

    private void finished(ExchangeRecord exchange) {
        trips.finished(exchange);
        observers.exchanges().finished(exchange);
    }

    private void tripped(Trip trip) {
        LOG.log(System.Logger.Level.ERROR, "{0}", trip);
        onLatch.run();
    }

    /** Gates in force. */
    public GateTable gates() {
        return gates;
    }

    /** Fault leases. */
    public FaultBook faults() {
        return faults;
    }

    /** Carries spans over the clusters in force. */
    SpanSender spanSender() {
        return new SpanCalls(
                new ClusterCalls(loops.getFirst(), name -> configuration().clusters().get(name)));
    }

    /** The configuration that exchanges are served by. */
    public ConfigurationInForce configuration() {
        return swapper.current();
    }

    /** The snapshot in force. */
    public ProxySnapshot snapshot() {
        return swapper.snapshot();
    }

    /**
     * Stops accepting and asks all clients to leave; what is left after the longest drain time is
     * closed.
     *
     * @return done when no connection is left
     */
    public CompletableFuture<Void> drain() {
        state = new ProxyState.Draining();
        CompletableFuture<Void> gone = new CompletableFuture<>();
        long end = System.nanoTime() + settings.drain().toNanos();
        thread.execute(() -> {
            swapper.listeners().drain();
            onceSettled(LOOP_ROUNDS, () -> awaitGone(end, gone));
        });
        return gone;
    }

    @Override
    public void close() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        thread.execute(() ->
                onThread(
                        () -> {
                            swapper.listeners().close();
                            swapper.clusters().close();
                            closed.complete(null);
                        },
                        closed));
        closed.orTimeout(CLOSE_WAIT.toSeconds(), TimeUnit.SECONDS).exceptionally(e -> null).join();
        thread.close();
        group.shutdownGracefully(0, CLOSE_WAIT.toSeconds(), TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_WAIT.toMillis());
        tls.close();
    }

    /** Connections that were accepted before the sockets closed have reached their loops then. */
    private void onceSettled(int rounds, Runnable then) {
        if (rounds == 0) {
            thread.execute(then);
            return;
        }
        AtomicInteger left = new AtomicInteger(loops.size());
        for (Loop loop : loops) {
            loop.executor()
                    .execute(() -> {
                        if (left.decrementAndGet() == 0) {
                            onceSettled(rounds - 1, then);
                        }
                    });
        }
    }

    private void awaitGone(long end, CompletableFuture<Void> gone) {
        if (swapper.listeners().connections() == 0) {
            gone.complete(null);
        } else if (System.nanoTime() - end >= 0) {
            swapper.listeners().close();
            gone.complete(null);
        } else {
            thread.after(DRAIN_POLL, () -> awaitGone(end, gone));
        }
    }

    /** Looks at the memory, now and at each interval. */
    private void shed() {
        overload.refresh();
        swapper.listeners().shed();
        thread.after(overload.refreshInterval(), this::shed);
    }

    private static void onThread(Runnable action, CompletableFuture<?> told) {
        try {
            action.run();
        } catch (RuntimeException bug) {
            told.completeExceptionally(bug);
        }
    }

    private static List<Loop> loops(
            MultiThreadIoEventLoopGroup group, ProxySettings settings, TlsContexts tls) {
        SplittableRandom seeds = new SplittableRandom(settings.seed());
        List<Loop> loops = new ArrayList<>();
        for (EventExecutor executor : group) {
            EventLoop own = (EventLoop) executor;
            loops.add(
                    new Loop(
                            loops.size(),
                            own,
                            seeds.split(),
                            new Timers(own),
                            (loop, cluster) ->
                                    new CodecConnector(
                                            loop,
                                            new EndpointSocket(
                                                    loop, settings.transport(), cluster, tls),
                                            cluster.protocol())));
        }
        return List.copyOf(loops);
    }

    private static NetworkFilter tcp(TcpProxy proxy) {
        return (channel, security, alpn) -> proxy.install(channel, security);
    }

    private EndpointSocket socket(EventLoop loop, ClusterSpec cluster) {
        return new EndpointSocket(loop, settings.transport(), cluster, tls);
    }

    /** The parts of this proxy that swaps work on. */
    private final class OwnParts implements Swapper.Parts {
        @Override
        public ConfigurationThread thread() {
            return thread;
        }

        @Override
        public GateTable gates() {
            return gates;
        }

        @Override
        public TlsContexts tls() {
            return tls;
        }

        @Override
        public Clusters clusters(Runnable onEndpoints) {
            return new Clusters(
                    loops,
                    settings.resolver(),
                    thread,
                    new SplittableRandom(settings.seed()),
                    new Probes(Proxy.this::socket),
                    onEndpoints);
        }

        @Override
        public FilterFactory filters(HttpConnectionManagerSpec http) {
            return FilterFactory.of(
                    http, loops.getFirst().executor().ticker(), settings.clock(), serving);
        }

        @Override
        public Listeners listeners(Supplier<ConfigurationInForce> configuration) {
            Surroundings surroundings =
                    new Surroundings(
                            configuration,
                            gates,
                            traces,
                            faults,
                            overload,
                            settings.clock(),
                            observers.mirrors(),
                            Proxy.this::finished);
            TcpSurroundings carrying =
                    new TcpSurroundings(
                            configuration,
                            Proxy.this::socket,
                            settings.clock(),
                            Proxy.this::finished);
            return new Listeners(
                    group,
                    new Listeners.Sockets(settings.transport(), settings.handed()),
                    loops,
                    new Listeners.Surroundings(
                            (loop, listener, chain, http) ->
                                    new RequestPath(
                                            loop,
                                            listener.name(),
                                            listener.routesKey(chain),
                                            http,
                                            listener.exempt().contains(Exemption.OVERLOAD)
                                                    ? surroundings.withoutOverload()
                                                    : surroundings),
                            (loop, listener, spec) ->
                                    tcp(new TcpProxy(loop, listener, spec, carrying)),
                            tls,
                            overload,
                            new Listeners.Observers(
                                    observers.refusals(), observers.connections())));
        }
    }
}
