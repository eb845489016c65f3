package dev.sluice.proxy.boot;

import dev.sluice.contract.GateName;
import dev.sluice.contract.Problem;
import dev.sluice.contract.decide.HeldGate;
import dev.sluice.proxy.admin.ProxyState;
import dev.sluice.proxy.call.ClusterCalls;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Clusters;
import dev.sluice.proxy.cluster.ConfigurationThread;
import dev.sluice.proxy.cluster.Loop;
import dev.sluice.proxy.fault.FaultBook;
import dev.sluice.proxy.filter.FilterFactory;
import dev.sluice.proxy.gate.GateTable;
import dev.sluice.proxy.gate.TraceDecisions;
import dev.sluice.proxy.gate.Trip;
import dev.sluice.proxy.gate.TripWatch;
import dev.sluice.proxy.keys.KeyFetchCounts;
import dev.sluice.proxy.keys.RemoteKeyBook;
import dev.sluice.proxy.listen.Listeners;
import dev.sluice.proxy.listen.NetworkFilter;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.overload.Overload;
import dev.sluice.proxy.path.ConfigurationInForce;
import dev.sluice.proxy.path.RequestPath;
import dev.sluice.proxy.path.Surroundings;
import dev.sluice.proxy.probe.Probes;
import dev.sluice.proxy.runtime.RuntimeLayers;
import dev.sluice.proxy.snapshot.ProxySnapshot;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec;
import dev.sluice.proxy.snapshot.listener.ListenerSpec.Exemption;
import dev.sluice.proxy.tap.HeaderShield;
import dev.sluice.proxy.tap.Taps;
import dev.sluice.proxy.tcp.TcpProxy;
import dev.sluice.proxy.tcp.TcpSurroundings;
import dev.sluice.proxy.telemetry.Metrics;
import dev.sluice.proxy.telemetry.tap.TapFiles;
import dev.sluice.proxy.telemetry.trace.SpanSender;
import dev.sluice.proxy.tls.TlsContexts;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One proxy, wired: event loops, clusters, gates, listeners. It serves nothing until a snapshot is
 * {@link #swap}ped in. Any number may live in one process. Thread-safe.
 */
public final class Proxy implements AutoCloseable {
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

    private static final System.Logger LOG = System.getLogger(Proxy.class.getName());

    private final ProxySettings settings;
    private final ProxyObservers observers;
    private final TlsContexts tls;
    private final Loops loops;
    private final ConfigurationExecutor thread = new ConfigurationExecutor();
    private final GateTable gates = new GateTable();
    private final TraceDecisions traces = new TraceDecisions();
    private final FaultBook faults;
    private final Overload overload;
    private final Readiness readiness = new Readiness();
    private final KeyFetchCounts keyFetches = new KeyFetchCounts();
    private final TapFiles tapFiles = new TapFiles();
    private final Taps taps;

    /** One object for all swaps: filters that are made of the same parts are kept. */
    private final BooleanSupplier serving = readiness::isServing;

    private final TripWatch trips;
    private final Swapper swapper;
    private volatile Runnable onLatch = () -> {};

    private Proxy(ProxySettings settings, ProxyObservers observers) {
        this.settings = settings;
        this.observers = observers;
        Random random = new Random(settings.seed());
        faults = new FaultBook(Ticker.systemTicker(), settings.clock(), random::nextLong);
        overload = settings.overload();
        taps = new Taps(tapFiles, new HeaderShield(settings.tapRedact(), gates::keyHeaders));
        tls = new TlsContexts(settings.tls());
        loops = Loops.start(settings, tls, observers.upstreams());
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
            readiness.configured();
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
        return readiness.state();
    }

    /** From now on, probes of its health fail; connections are served as before. */
    public void failHealth() {
        readiness.fail();
    }

    /** The opposite of {@link #failHealth}. */
    public void restoreHealth() {
        readiness.restore();
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
        readiness.waitFor(reasons);
        onLatch = latched;
    }

    /** Shows what this proxy counts itself. */
    void showOn(Metrics metrics) {
        OwnGauges.show(metrics, traces, faults, overload, keyFetches);
        OwnGauges.show(metrics, taps);
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

    /** Its event loops. */
    List<EventLoop> eventLoops() {
        return loops.all().stream().map(Loop::executor).toList();
    }

    /** Runtime values, layer by layer. */
    public RuntimeLayers runtime() {
        return settings.runtime();
    }

    /** Taps. */
    public Taps taps() {
        return taps;
    }

    /** Fault leases. */
    public FaultBook faults() {
        return faults;
    }

    /** Carries spans over the clusters in force. */
    SpanSender spanSender() {
        return new SpanCalls(
                new ClusterCalls(
                        loops.all().getFirst(), name -> configuration().clusters().get(name)));
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
        readiness.draining();
        CompletableFuture<Void> gone = new CompletableFuture<>();
        thread.execute(() ->
                Leaving.begin(swapper.listeners(), loops.all(), thread, settings.drain(), gone));
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
        loops.stop(CLOSE_WAIT);
        tapFiles.close();
        tls.close();
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
        } catch (RuntimeException | Error bug) {
            told.completeExceptionally(bug);
        }
    }

    private static NetworkFilter tcp(TcpProxy proxy) {
        return (channel, security, alpn) -> proxy.install(channel, security);
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
                    loops.all(),
                    settings.resolver(),
                    thread,
                    new SplittableRandom(settings.seed()),
                    new Probes(loops::socket, observers.upstreams()),
                    onEndpoints);
        }

        @Override
        public RemoteKeyBook keys(Function<String, @Nullable Cluster> clusters, Runnable onKeys) {
            Loop carrier = loops.all().getFirst();
            return new RemoteKeyBook(
                    new KeyCalls(new ClusterCalls(carrier, clusters)),
                    thread,
                    carrier.executor().ticker(),
                    new SplittableRandom(settings.seed()),
                    keyFetches,
                    onKeys);
        }

        @Override
        public FilterFactory filters(HttpConnectionManagerSpec http, RemoteKeyBook keys) {
            return FilterFactory.of(
                    http,
                    loops.all().getFirst().executor().ticker(),
                    settings.clock(),
                    serving,
                    keys,
                    taps);
        }

        @Override
        public Listeners listeners(Supplier<ConfigurationInForce> configuration) {
            Surroundings surroundings =
                    new Surroundings(
                            settings.identity().nodeId(),
                            configuration,
                            gates,
                            traces,
                            faults,
                            overload,
                            settings.runtime(),
                            settings.clock(),
                            observers.mirrors(),
                            Proxy.this::finished);
            TcpSurroundings carrying =
                    new TcpSurroundings(
                            configuration, loops::socket, settings.clock(), Proxy.this::finished);
            return new Listeners(
                    loops.group(),
                    new Listeners.Sockets(settings.transport(), settings.handed()),
                    loops.all(),
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
                            settings.runtime(),
                            new Listeners.Observers(
                                    observers.refusals(), observers.connections())));
        }
    }
}
