package dev.sluice.proxy.cluster;

import dev.sluice.proxy.codec.TransportSecurity.Addresses;
import dev.sluice.proxy.endpoint.Endpoint;
import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.pool.Budgets;
import dev.sluice.proxy.pool.Connector;
import dev.sluice.proxy.pool.EndpointPool;
import dev.sluice.proxy.pool.Way;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec;
import dev.sluice.proxy.snapshot.tls.TransportSocketSpec.ProxyProtocol;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to all endpoints of a cluster that speak the same. Made when
 * they are wanted. Clients share them, unless the endpoints are told who the client is. Loop-owned.
 */
final class Pools {
    private final Loop loop;
    private final ClusterSpec spec;
    private final Budgets budgets;
    private final Map<InetSocketAddress, EndpointPool> byRemote = new HashMap<>();
    private final Optional<ClientPools> byClient;
    private @Nullable Connector connector;

    /**
     * @param spec says what they speak
     * @param budgets of the whole cluster
     */
    Pools(Loop loop, ClusterSpec spec, Budgets budgets) {
        this.loop = loop;
        this.spec = spec;
        this.budgets = budgets;
        byClient =
                spec.transport() instanceof ProxyProtocol
                        ? Optional.of(
                                new ClientPools(
                                        loop.departures(), budgets.connections(), this::open))
                        : Optional.empty();
    }

    /**
     * Those to this endpoint.
     *
     * @param client on whose behalf; absent: this proxy's own
     */
    EndpointPool to(Endpoint endpoint, Optional<Peer> client) {
        return byClient.isEmpty()
                ? byRemote.computeIfAbsent(endpoint.address(), remote -> open(Way.shared(remote)))
                : byClient.get()
                        .to(
                                endpoint.address(),
                                client.map(one -> new Addresses(one.remote(), one.local())));
    }

    private EndpointPool open(Way way) {
        Connector by = connector;
        if (by == null) {
            by = loop.connectors().create(loop.executor(), spec);
            connector = by;
        }
        return new EndpointPool(loop.executor(), by, way, budgets, spec.upstream());
    }

    /** Lets go of connections to other endpoints. */
    void keepOnly(Set<InetSocketAddress> remotes) {
        byClient.ifPresent(pools -> pools.keepOnly(remotes));
        keepOnly(remotes, byRemote);
    }

    /** Takes the connections to other endpoints out, and lets go of them. */
    static void keepOnly(
            Set<InetSocketAddress> remotes, Map<InetSocketAddress, EndpointPool> pools) {
        pools.entrySet()
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
        byClient.ifPresent(ClientPools::retire);
        byRemote.values().forEach(EndpointPool::retire);
    }
}
