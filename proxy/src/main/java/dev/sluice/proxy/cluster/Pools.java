package dev.sluice.proxy.cluster;

import dev.sluice.proxy.endpoint.Endpoint;
import dev.sluice.proxy.pool.Budgets;
import dev.sluice.proxy.pool.Connector;
import dev.sluice.proxy.pool.EndpointPool;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to all endpoints of a cluster that speak the same. Made when
 * they are wanted. Loop-owned.
 */
final class Pools {
    private final Loop loop;
    private final ClusterSpec spec;
    private final Budgets budgets;
    private final Map<InetSocketAddress, EndpointPool> byRemote = new HashMap<>();
    private @Nullable Connector connector;

    /**
     * @param spec says what they speak
     * @param budgets of the whole cluster
     */
    Pools(Loop loop, ClusterSpec spec, Budgets budgets) {
        this.loop = loop;
        this.spec = spec;
        this.budgets = budgets;
    }

    /** Those to this endpoint. */
    EndpointPool to(Endpoint endpoint) {
        return byRemote.computeIfAbsent(endpoint.address(), this::open);
    }

    private EndpointPool open(InetSocketAddress remote) {
        Connector by = connector;
        if (by == null) {
            by = loop.connectors().create(loop.executor(), spec);
            connector = by;
        }
        return new EndpointPool(loop.executor(), by, remote, budgets, spec.upstream());
    }

    /** Lets go of connections to other endpoints. */
    void keepOnly(Set<InetSocketAddress> remotes) {
        byRemote.entrySet()
                .removeIf(entry -> {
                    boolean gone = !remotes.contains(entry.getKey());
                    if (gone) {
                        entry.getValue().retire();
                    }
                    return gone;
                });
    }

    /** Lets go of all. */
    void retire() {
        byRemote.values().forEach(EndpointPool::retire);
    }
}
