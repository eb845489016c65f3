package dev.sluice.proxy.cluster;

import dev.sluice.proxy.pool.Budgets;
import dev.sluice.proxy.snapshot.ClusterSpec;
import java.util.List;
import java.util.function.Consumer;
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

    private volatile EndpointSet endpoints = EndpointSet.EMPTY;
    private volatile boolean resolved;

    Cluster(ClusterSpec spec, List<Loop> loops) {
        this.spec = spec;
        this.loops = loops;
        budgets = Budgets.of(spec.breakers());
        views = new LoopCluster[loops.size()];
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
        return endpoints.all();
    }

    /** Whether its endpoints were once known, even if there were none. */
    public boolean isResolved() {
        return resolved;
    }

    /** The view of this loop; to be called on it. */
    public LoopCluster on(Loop loop) {
        assert loop.executor().inEventLoop();
        LoopCluster view = views[loop.index()];
        if (view == null) {
            view = new LoopCluster(this, loop);
            views[loop.index()] = view;
        }
        return view;
    }

    EndpointSet endpointSet() {
        return endpoints;
    }

    /** Swaps the endpoints; every loop lets go of those that went. */
    void replace(List<ResolvedEndpoint> next) {
        endpoints = endpoints.next(next);
        resolved = true;
        onEveryView(LoopCluster::refresh);
    }

    /** The cluster is no more: connections close when their exchanges are done. */
    void retire() {
        onEveryView(LoopCluster::retire);
    }

    private void onEveryView(Consumer<LoopCluster> action) {
        for (Loop loop : loops) {
            loop.executor().execute(() -> onView(loop, action));
        }
    }

    private void onView(Loop loop, Consumer<LoopCluster> action) {
        LoopCluster view = views[loop.index()];
        if (view != null) {
            action.accept(view);
        }
    }
}
