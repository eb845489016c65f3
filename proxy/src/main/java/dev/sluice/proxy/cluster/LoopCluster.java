package dev.sluice.proxy.cluster;

import dev.sluice.proxy.pool.Connector;
import dev.sluice.proxy.pool.EndpointPool;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A cluster as one event loop sees it: the loop's turn among the endpoints and its connections to
 * them. Follows the cluster's endpoints lazily, at the next choice or refresh. Loop-owned.
 */
public final class LoopCluster {
    /** How long an upstream connection may idle; Envoy's default. */
    private static final Duration IDLE_TIMEOUT = Duration.ofHours(1);

    private final Cluster cluster;
    private final Loop loop;
    private final Connector connector;
    private final Map<InetSocketAddress, EndpointPool> pools = new HashMap<>();
    private EndpointSet seen = EndpointSet.EMPTY;
    private @Nullable Balancer balancer;

    LoopCluster(Cluster cluster, Loop loop) {
        this.cluster = cluster;
        this.loop = loop;
        connector = loop.connectors().create(loop.executor(), cluster.spec());
    }

    public Cluster cluster() {
        return cluster;
    }

    /** The next endpoint; none when no endpoint may be used. */
    public Optional<Endpoint> choose() {
        assert loop.executor().inEventLoop();
        if (isBehind()) {
            refresh();
        }
        return balancer == null ? Optional.empty() : Optional.of(balancer.choose());
    }

    /** The connections to an endpoint of this cluster. */
    public EndpointPool pool(Endpoint endpoint) {
        assert loop.executor().inEventLoop();
        return pools.computeIfAbsent(endpoint.address(), this::newPool);
    }

    /** A set is swapped whole, so that being the same object is being up to date. */
    @SuppressWarnings("ReferenceEquality")
    private boolean isBehind() {
        return seen != cluster.endpointSet();
    }

    /** Follows the cluster's endpoints; connections to those that stay are kept. */
    void refresh() {
        seen = cluster.endpointSet();
        balancer =
                seen.usable().isEmpty()
                        ? null
                        : Balancer.of(cluster.spec().balancing(), seen.usable(), loop.random());
        Set<InetSocketAddress> kept =
                seen.all().stream().map(Endpoint::address).collect(Collectors.toSet());
        pools.entrySet().removeIf(entry -> retiredUnless(kept, entry));
    }

    void retire() {
        pools.values().forEach(EndpointPool::retire);
    }

    private static boolean retiredUnless(
            Set<InetSocketAddress> kept, Map.Entry<InetSocketAddress, EndpointPool> entry) {
        if (kept.contains(entry.getKey())) {
            return false;
        }
        entry.getValue().retire();
        return true;
    }

    private EndpointPool newPool(InetSocketAddress remote) {
        return new EndpointPool(
                loop.executor(), connector, remote, cluster.budgets(), IDLE_TIMEOUT);
    }
}
