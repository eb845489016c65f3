package dev.sluice.proxy.boot;

import dev.sluice.contract.Problem;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.RouteGate;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Clusters;
import dev.sluice.proxy.cluster.ConfigurationThread;
import dev.sluice.proxy.filter.FilterChain;
import dev.sluice.proxy.filter.FilterFactory;
import dev.sluice.proxy.gate.GateTable;
import dev.sluice.proxy.keys.RemoteKeyBook;
import dev.sluice.proxy.listen.Listeners;
import dev.sluice.proxy.path.ConfigurationInForce;
import dev.sluice.proxy.route.RouteTable;
import dev.sluice.proxy.snapshot.ProxySnapshot;
import dev.sluice.proxy.snapshot.listener.FilterChainSpec;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.RouteSource;
import dev.sluice.proxy.snapshot.listener.ListenerSpec;
import dev.sluice.proxy.snapshot.listener.TcpProxySpec;
import dev.sluice.proxy.snapshot.route.RouteConfigurationSpec;
import dev.sluice.proxy.tls.TlsContexts;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts snapshots in force, make before break: new clusters first get endpoints, keys that are
 * wanted ahead are fetched, then exchanges see the new configuration, then listeners change. A
 * snapshot that comes while one still waits takes its place. Owned by the configuration thread but
 * for {@link #current}.
 */
final class Swapper {
    /**
     * How long a snapshot waits for endpoints of its clusters and keys before it serves without.
     */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final Parts parts;
    private final ConfigurationThread thread;
    private final TlsSwap tls;
    private final Clusters clusters;
    private final RemoteKeyBook keys;
    private final Listeners listeners;
    private final GateTable gates;
    private final Clock clock;
    private volatile ConfigurationInForce current = ConfigurationInForce.EMPTY;
    private volatile ProxySnapshot snapshot = ProxySnapshot.EMPTY;
    private @Nullable Waiting waiting;

    private record Waiting(
            ProxySnapshot snapshot,
            Map<String, Cluster> clusters,
            List<Problem> problems,
            CompletableFuture<List<Problem>> done,
            ConfigurationThread.Cancellable timer) {
        boolean isResolved() {
            return clusters.values().stream().allMatch(Cluster::isResolved);
        }
    }

    Swapper(Parts parts, Clock clock) {
        this.parts = parts;
        thread = parts.thread();
        tls = new TlsSwap(parts.tls(), thread);
        clusters = parts.clusters(this::preparedMore);
        keys = parts.keys(this::cluster, this::preparedMore);
        listeners = parts.listeners(this::current);
        gates = parts.gates();
        this.clock = clock;
    }

    /** What a swapper works on. */
    interface Parts {
        ConfigurationThread thread();

        GateTable gates();

        TlsContexts tls();

        Clusters clusters(Runnable onEndpoints);

        Listeners listeners(Supplier<ConfigurationInForce> configuration);

        RemoteKeyBook keys(Function<String, @Nullable Cluster> clusters, Runnable onKeys);

        FilterFactory filters(HttpConnectionManagerSpec http, RemoteKeyBook keys);
    }

    /** What exchanges are served by; may be read on any thread. */
    ConfigurationInForce current() {
        return current;
    }

    /** The last snapshot that came in force; may be read on any thread. */
    ProxySnapshot snapshot() {
        return snapshot;
    }

    Listeners listeners() {
        return listeners;
    }

    Clusters clusters() {
        return clusters;
    }

    /** Puts a snapshot in force; told with the listeners that could not be bound. */
    void offer(ProxySnapshot next, CompletableFuture<List<Problem>> done) {
        Optional.ofNullable(waiting).ifPresent(older -> older.done().complete(List.of()));
        Optional.ofNullable(waiting).ifPresent(older -> older.timer().cancel());
        waiting = null;
        List<Problem> problems = tls.prepare(next);
        Map<String, Cluster> updated = clusters.update(next.clusters(), next.endpoints());
        Waiting entry =
                new Waiting(
                        next,
                        updated,
                        problems,
                        done,
                        thread.after(LONGEST_WAIT, () -> waitedEnough(next)));
        waiting = entry;
        preparedMore();
    }

    private void preparedMore() {
        Waiting entry = waiting;
        if (entry != null && entry.isResolved() && keys.prepare(entry.snapshot())) {
            apply(entry);
        }
    }

    /** The cluster of this name that will be in force, if it is to be soon, or is. */
    private @Nullable Cluster cluster(String name) {
        Waiting entry = waiting;
        Cluster next = entry == null ? null : entry.clusters().get(name);
        return next == null ? current.clusters().get(name) : next;
    }

    @SuppressWarnings(
            "ReferenceEquality") // a later snapshot may have taken the place of this very one
    private void waitedEnough(ProxySnapshot late) {
        Waiting entry = waiting;
        if (entry != null && entry.snapshot() == late) {
            apply(entry);
        }
    }

    private void apply(Waiting entry) {
        waiting = null;
        entry.timer().cancel();
        ProxySnapshot next = entry.snapshot();
        offerInlineGates(next);
        current = new ConfigurationInForce(next.version(), routeTables(next), entry.clusters());
        snapshot = next;
        List<Problem> problems = new ArrayList<>(entry.problems());
        problems.addAll(listeners.update(next.listeners()));
        tls.inForce(next);
        keys.inForce(next);
        entry.done().complete(problems);
    }

    private Map<String, RouteTable> routeTables(ProxySnapshot next) {
        Map<String, RouteTable> tables = new HashMap<>();
        for (ListenerSpec listener : next.listeners()) {
            listener.allChains()
                    .forEach(chain ->
                            table(listener.routesKey(chain), chain, next)
                                    .ifPresent(
                                            table -> tables.put(listener.routesKey(chain), table)));
        }
        return tables;
    }

    private Optional<RouteTable> table(String key, FilterChainSpec chain, ProxySnapshot next) {
        return http(chain).flatMap(http -> routes(http, next).map(spec -> table(key, http, spec)));
    }

    /** What did not change keeps its state: routes, and filters with their token buckets. */
    private RouteTable table(
            String key, HttpConnectionManagerSpec http, RouteConfigurationSpec spec) {
        RouteTable known = current.routes().get(key);
        FilterFactory factory = parts.filters(http, keys);
        if (known == null || !known.filters().isOf(http.filters(), factory)) {
            return RouteTable.compile(spec, FilterChain.of(http.filters(), factory));
        }
        return known.spec().equals(spec) ? known : RouteTable.compile(spec, known.filters());
    }

    private static Optional<HttpConnectionManagerSpec> http(FilterChainSpec chain) {
        return switch (chain.filter()) {
            case TcpProxySpec _ -> Optional.empty();
            case HttpConnectionManagerSpec http -> Optional.of(http);
        };
    }

    private static Optional<RouteConfigurationSpec> routes(
            HttpConnectionManagerSpec http, ProxySnapshot snapshot) {
        return switch (http.routes()) {
            case RouteSource.Inline(RouteConfigurationSpec inline) -> Optional.of(inline);
            case RouteSource.Rds(String name) -> Optional.ofNullable(snapshot.routes().get(name));
        };
    }

    /** Gates that stand in routes have no epoch: the last one that came wins. */
    private void offerInlineGates(ProxySnapshot next) {
        for (ListenerSpec listener : next.listeners()) {
            listener.allChains()
                    .flatMap(chain -> http(chain).stream())
                    .flatMap(http -> routes(http, next).stream())
                    .flatMap(configuration -> configuration.virtualHosts().stream())
                    .flatMap(host -> host.routes().stream())
                    .flatMap(route -> route.gate().stream())
                    .forEach(this::offerInline);
        }
    }

    private void offerInline(RouteGate gate) {
        switch (gate.source()) {
            case RouteGate.Source.Named named -> {}
            case RouteGate.Source.Inline(Gate inline) -> {
                boolean same =
                        gates.find(inline.name())
                                .filter(held -> held.gate().equals(inline))
                                .isPresent();
                if (!same) {
                    gates.offer(inline, clock.instant());
                }
            }
        }
    }
}
