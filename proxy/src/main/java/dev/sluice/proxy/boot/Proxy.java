package dev.sluice.proxy.boot;

import dev.sluice.contract.GateName;
import dev.sluice.contract.Problem;
import dev.sluice.contract.decide.HeldGate;
import dev.sluice.proxy.admin.ProxyState;
import dev.sluice.proxy.call.ClusterCalls;
import dev.sluice.proxy.cluster.ConfigurationThread;
import dev.sluice.proxy.cluster.Loop;
import dev.sluice.proxy.fault.FaultBook;
import dev.sluice.proxy.gate.GateTable;
import dev.sluice.proxy.gate.Trip;
import dev.sluice.proxy.gate.TripWatch;
import dev.sluice.proxy.listen.Listeners;
import dev.sluice.proxy.observe.ExchangeObserver;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.path.ConfigurationInForce;
import dev.sluice.proxy.runtime.RuntimeLayers;
import dev.sluice.proxy.snapshot.ProxySnapshot;
import dev.sluice.proxy.tap.Taps;
import dev.sluice.proxy.telemetry.Metrics;
import dev.sluice.proxy.telemetry.trace.SpanSender;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One proxy, wired: event loops, clusters, gates, listeners. It serves nothing until a snapshot is
 * {@link #swap}ped in. Any number may live in one process. Thread-safe.
 */
public final class Proxy implements AutoCloseable {
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

    private static final System.Logger LOG = System.getLogger(Proxy.class.getName());

    private final ProxySettings settings;
    private final ExchangeObserver exchanges;
    private final Readiness readiness = new Readiness();
    private final ProxyParts parts;
    private final TripWatch trips;
    private final Swapper swapper;
    private volatile Runnable onLatch = () -> {};

    private Proxy(ProxySettings settings, ProxyObservers observers) {
        this.settings = settings;
        exchanges = observers.exchanges();
        parts = new ProxyParts(settings, observers, readiness::isServing, this::finished);
        trips =
                new TripWatch(
                        parts.gates(),
                        settings.identity().latches(),
                        settings.clock()::instant,
                        this::tripped);
        swapper = new Swapper(parts, settings.clock());
        if (parts.overload().looksAtMemory()) {
            thread().execute(this::shed);
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
        thread().execute(() -> onThread(() -> swapper.offer(snapshot, done), done));
        return done.thenApply(problems -> {
            readiness.configured();
            return problems;
        });
    }

    /** Listening sockets. */
    public CompletableFuture<List<Listeners.Bound>> bound() {
        CompletableFuture<List<Listeners.Bound>> answer = new CompletableFuture<>();
        thread().execute(() -> answer.complete(swapper.listeners().bound()));
        return answer;
    }

    /** Listening sockets, for the process that takes this one's place. */
    CompletableFuture<List<Channel>> sockets() {
        CompletableFuture<List<Channel>> answer = new CompletableFuture<>();
        thread().execute(() -> answer.complete(swapper.listeners().sockets()));
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
                gates().kill(
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
        return parts.thread();
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
        parts.showOn(metrics);
    }

    private void finished(ExchangeRecord exchange) {
        trips.finished(exchange);
        exchanges.finished(exchange);
    }

    private void tripped(Trip trip) {
        LOG.log(System.Logger.Level.ERROR, "{0}", trip);
        onLatch.run();
    }

    /** Gates in force. */
    public GateTable gates() {
        return parts.gates();
    }

    /** Its event loops. */
    List<EventLoop> eventLoops() {
        return parts.loops().stream().map(Loop::executor).toList();
    }

    /** Runtime values, layer by layer. */
    public RuntimeLayers runtime() {
        return settings.runtime();
    }

    /** Taps. */
    public Taps taps() {
        return parts.taps();
    }

    /** Fault leases. */
    public FaultBook faults() {
        return parts.faults();
    }

    /** Carries spans over the clusters in force. */
    SpanSender spanSender() {
        return new SpanCalls(
                new ClusterCalls(
                        parts.loops().getFirst(), name -> configuration().clusters().get(name)));
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
        thread().execute(() ->
                Leaving.begin(
                        swapper.listeners(),
                        parts.loops(),
                        parts.thread(),
                        parts.gates(),
                        settings.drain(),
                        gone));
        return gone;
    }

    /**
     * Stops accepting on listeners whose {@code traffic_direction} is inbound, and asks their
     * clients to leave. It serves on, and says so.
     */
    public void drainInbound() {
        thread().execute(() -> swapper.listeners().drainInbound());
    }

    @Override
    public void close() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        thread().execute(() ->
                onThread(
                        () -> {
                            swapper.listeners().close();
                            swapper.clusters().close();
                            closed.complete(null);
                        },
                        closed));
        closed.orTimeout(CLOSE_WAIT.toSeconds(), TimeUnit.SECONDS).exceptionally(e -> null).join();
        parts.close(CLOSE_WAIT);
    }

    /** Looks at the memory, now and at each interval. */
    private void shed() {
        parts.overload().refresh();
        swapper.listeners().shed();
        thread().after(parts.overload().refreshInterval(), this::shed);
    }

    private static void onThread(Runnable action, CompletableFuture<?> told) {
        try {
            action.run();
        } catch (RuntimeException | Error bug) {
            told.completeExceptionally(bug);
        }
    }
}
