package dev.sluice.proxy.cluster;

import dev.sluice.proxy.balance.BalancePlan;
import dev.sluice.proxy.endpoint.Endpoint;
import dev.sluice.proxy.endpoint.EndpointHealth;
import dev.sluice.proxy.endpoint.EndpointSet;
import dev.sluice.proxy.pool.Budgets;
import dev.sluice.proxy.probe.ProbeFactory;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec.Discovery;
import dev.sluice.proxy.snapshot.cluster.EndpointSpec;
import dev.sluice.proxy.snapshot.cluster.LoadAssignmentSpec;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A cluster in force: its endpoints now, its budgets, and a view for each event loop. Thread-safe:
 * the endpoints are swapped whole by the configuration thread, a view is touched by its loop only.
 */
public final class Cluster {
    private final ClusterSpec spec;
    private final Budgets budgets;
    private final List<Loop> loops;

    /** By the loop's index; each slot is read and written by its own loop only. */
    private final @Nullable LoopCluster[] views;

    private volatile View view;
    private volatile boolean resolved;
    private final Optional<OutlierDetector> outliers;
    private final Optional<HealthChecker> checker;

    /** Absent: the endpoints are those of the view. */
    private final Optional<Destinations> destinations;

    private volatile boolean traffic;

    /** What is swapped whole. Immutable. */
    record View(EndpointSet endpoints, BalancePlan plan) {}

    Cluster(
            ClusterSpec spec,
            List<Loop> loops,
            ConfigurationThread thread,
            RandomGenerator random,
            ProbeFactory probes,
            Runnable onChecked) {
        this.spec = spec;
        this.loops = loops;
        budgets = Budgets.of(spec.breakers());
        views = new LoopCluster[loops.size()];
        destinations =
                spec.discovery() instanceof Discovery.OriginalDst
                        ? Optional.of(new Destinations())
                        : Optional.empty();
        view = view(EndpointSet.EMPTY);
        outliers = spec.outliers().map(one -> new OutlierDetector(this, one, thread, random));
        checker =
                spec.check()
                        .map(one ->
                                new HealthChecker(
                                        this, one, loops, thread, random, probes, onChecked));
    }

    /** Starts to look at what endpoints answer. */
    void start() {
        outliers.ifPresent(OutlierDetector::start);
    }

    /** Told of results; absent: nobody looks at them. */
    Optional<OutlierDetector> outliers() {
        return outliers;
    }

    /** Endpoints that are left out now because of their answers. */
    public int ejectionsActive() {
        return outliers.map(OutlierDetector::active).orElse(0);
    }

    /** How often an endpoint was left out. */
    public long ejectionsTotal() {
        return outliers.map(OutlierDetector::total).orElse(0L);
    }

    /** How often an endpoint was not left out because too many were. */
    public long ejectionsOverflow() {
        return outliers.map(OutlierDetector::overflow).orElse(0L);
    }

    /** As configured; of discovery only the kind still holds, endpoints change. */
    public ClusterSpec spec() {
        return spec;
    }

    public String name() {
        return spec.name();
    }

    public Budgets budgets() {
        return budgets;
    }

    /** Endpoints now. */
    public List<Endpoint> endpoints() {
        return endpoints(view);
    }

    /** Endpoints by this view. */
    List<Endpoint> endpoints(View seen) {
        return destinations.map(Destinations::all).orElseGet(seen.endpoints()::all);
    }

    /** Of a cluster that goes where its clients wanted to go; else absent. */
    Optional<Destinations> destinations() {
        return destinations;
    }

    /**
     * Whether its endpoints were once known, even if there were none, and have had their first
     * checks. On the configuration thread.
     */
    public boolean isResolved() {
        return resolved && checker.map(HealthChecker::isSettled).orElse(true);
    }

    /** Whether it was ever used. */
    boolean hasTraffic() {
        return traffic;
    }

    /** The view of this loop; to be called on it. */
    public LoopCluster on(Loop loop) {
        assert loop.executor().inEventLoop();
        LoopCluster own = views[loop.index()];
        if (own == null) {
            own = new LoopCluster(this, loop);
            traffic = true;
            views[loop.index()] = own;
        }
        return own;
    }

    View view() {
        return view;
    }

    /** Swaps the endpoints; every loop lets go of those that went. */
    void replace(
            LoadAssignmentSpec load, Function<EndpointSpec, List<InetSocketAddress>> addresses) {
        long now = now();
        view = view(view.endpoints().next(load, addresses, one -> fresh(one, now)));
        resolved = true;
        checker.ifPresent(HealthChecker::follow);
        onEveryView(LoopCluster::refresh);
    }

    /** Nothing has to be known of endpoints before they are wanted. */
    void goWhereWanted() {
        resolved = true;
    }

    /** Lets go of the destinations that are not in use any more. */
    void sweep() {
        if (destinations.map(Destinations::sweep).orElse(false)) {
            onEveryView(LoopCluster::refresh);
        }
    }

    private EndpointHealth fresh(EndpointSpec endpoint, long now) {
        return checker.isPresent() && endpoint.check().checked()
                ? EndpointHealth.pending(now)
                : EndpointHealth.unchecked(now);
    }

    /** Makes the plan anew, after the health of endpoints changed. */
    void replan() {
        view = view(view.endpoints());
    }

    private View view(EndpointSet endpoints) {
        return new View(endpoints, BalancePlan.of(endpoints, spec.balancing()));
    }

    /** By the ticker that endpoints are judged by. */
    long now() {
        return loops.getFirst().ticker().nanoTime();
    }

    /** The cluster is no more: connections close when their exchanges are done. */
    void retire() {
        outliers.ifPresent(OutlierDetector::stop);
        checker.ifPresent(HealthChecker::stop);
        onEveryView(LoopCluster::retire);
    }

    private void onEveryView(Consumer<LoopCluster> action) {
        for (Loop loop : loops) {
            loop.executor().execute(() -> onView(loop, action));
        }
    }

    private void onView(Loop loop, Consumer<LoopCluster> action) {
        LoopCluster own = views[loop.index()];
        if (own != null) {
            action.accept(own);
        }
    }
}
