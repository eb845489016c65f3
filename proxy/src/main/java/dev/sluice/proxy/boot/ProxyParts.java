package dev.sluice.proxy.boot;

import dev.sluice.proxy.call.ClusterCalls;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Clusters;
import dev.sluice.proxy.cluster.Loop;
import dev.sluice.proxy.fault.FaultBook;
import dev.sluice.proxy.filter.FilterFactory;
import dev.sluice.proxy.gate.GateTable;
import dev.sluice.proxy.gate.TraceDecisions;
import dev.sluice.proxy.keys.KeyFetchCounts;
import dev.sluice.proxy.keys.RemoteKeyBook;
import dev.sluice.proxy.listen.Listeners;
import dev.sluice.proxy.listen.NetworkFilter;
import dev.sluice.proxy.observe.ExchangeObserver;
import dev.sluice.proxy.overload.Overload;
import dev.sluice.proxy.path.ConfigurationInForce;
import dev.sluice.proxy.path.RequestPath;
import dev.sluice.proxy.path.Surroundings;
import dev.sluice.proxy.probe.Probes;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec;
import dev.sluice.proxy.snapshot.listener.ListenerSpec.Exemption;
import dev.sluice.proxy.tap.HeaderShield;
import dev.sluice.proxy.tap.Taps;
import dev.sluice.proxy.tcp.TcpProxy;
import dev.sluice.proxy.tcp.TcpSurroundings;
import dev.sluice.proxy.telemetry.Metrics;
import dev.sluice.proxy.telemetry.tap.TapFiles;
import dev.sluice.proxy.tls.TlsContexts;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one proxy is made of, and what its swaps put together from that: clusters, keys, filters,
 * listeners. Thread-safe.
 */
final class ProxyParts implements Swapper.Parts {
    private final ProxySettings settings;
    private final ProxyObservers observers;
    private final ExchangeObserver finished;
    private final TlsContexts tls;
    private final Loops loops;
    private final ConfigurationExecutor thread = new ConfigurationExecutor();
    private final GateTable gates = new GateTable();
    private final TraceDecisions traces = new TraceDecisions();
    private final FaultBook faults;
    private final Overload overload;
    private final KeyFetchCounts keyFetches = new KeyFetchCounts();
    private final TapFiles tapFiles = new TapFiles();
    private final Taps taps;

    /** One object for all swaps: filters that are made of the same parts are kept. */
    private final BooleanSupplier serving;

    /**
     * Starts the event loops and the thread of the configuration.
     *
     * @param serving whether health checks pass
     * @param finished told of each exchange at its end
     */
    ProxyParts(
            ProxySettings settings,
            ProxyObservers observers,
            BooleanSupplier serving,
            ExchangeObserver finished) {
        this.settings = settings;
        this.observers = observers;
        this.serving = serving;
        this.finished = finished;
        Random random = new Random(settings.seed());
        faults = new FaultBook(Ticker.systemTicker(), settings.clock(), random::nextLong);
        overload = settings.overload();
        taps = new Taps(tapFiles, new HeaderShield(settings.tapRedact(), gates::keyHeaders));
        tls = new TlsContexts(settings.tls());
        loops = Loops.start(settings, tls, observers.upstreams());
    }

    @Override
    public ConfigurationExecutor thread() {
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
                        finished);
        TcpSurroundings carrying =
                new TcpSurroundings(configuration, loops::socket, settings.clock(), finished);
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
                        (loop, listener, spec) -> tcp(new TcpProxy(loop, listener, spec, carrying)),
                        tls,
                        overload,
                        settings.runtime(),
                        new Listeners.Observers(observers.refusals(), observers.connections())));
    }

    /** All event loops; the first carries what belongs to none. */
    List<Loop> loops() {
        return loops.all();
    }

    FaultBook faults() {
        return faults;
    }

    Overload overload() {
        return overload;
    }

    Taps taps() {
        return taps;
    }

    /** Shows what is counted here. */
    void showOn(Metrics metrics) {
        OwnGauges.show(metrics, traces, faults, overload, keyFetches);
        OwnGauges.show(metrics, gates.heldWrites());
        OwnGauges.show(metrics, taps);
    }

    /** Ends threads and files, once nothing is served any more. */
    void close(Duration wait) {
        thread.close();
        loops.stop(wait);
        tapFiles.close();
        tls.close();
    }

    private static NetworkFilter tcp(TcpProxy proxy) {
        return (channel, security, alpn) -> proxy.install(channel, security);
    }
}
