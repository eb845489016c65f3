package dev.sluice.proxy.cluster;

import dev.sluice.proxy.codec.TransportSecurity.Addresses;
import dev.sluice.proxy.pool.Budget;
import dev.sluice.proxy.pool.EndpointPool;
import dev.sluice.proxy.pool.Way;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The connections of one event loop to endpoints that are told who the client is: each is for the
 * requests of one client alone. They end with the client's own connection. While a limit is
 * reached, those of the client that has been idle for longest make room. Loop-owned.
 */
final class ClientPools {
    /** Clients whose connections are kept, unless more than these are busy. */
    static final int MOST_CLIENTS = 1_024;

    private final Departures departures;
    private final Budget connections;
    private final Function<Way, EndpointPool> open;
    private final Consumer<Addresses> onLeft = this::left;

    /** By client, none for this proxy's own; the one served last is last. */
    private final LinkedHashMap<Optional<Addresses>, Map<InetSocketAddress, EndpointPool>>
            byClient = new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true);

    /**
     * @param departures of clients of this loop
     * @param connections of the cluster
     * @param open makes the connections of one client to one endpoint
     */
    ClientPools(Departures departures, Budget connections, Function<Way, EndpointPool> open) {
        this.departures = departures;
        this.connections = connections;
        this.open = open;
    }

    /** Those of this client to this endpoint. */
    EndpointPool to(InetSocketAddress remote, Optional<Addresses> client) {
        Map<InetSocketAddress, EndpointPool> own = byClient.get(client);
        if (own == null) {
            own = new HashMap<>();
            byClient.put(client, own);
            client.ifPresent(one -> departures.await(one, onLeft));
        }
        EndpointPool pool = own.computeIfAbsent(remote, to -> open.apply(new Way(to, client)));
        if (pool.connections() == 0) {
            makeRoomFor(client);
        }
        return pool;
    }

    /** Lets go of connections to other endpoints. */
    void keepOnly(Set<InetSocketAddress> remotes) {
        byClient.values().forEach(own -> Pools.keepOnly(remotes, own));
    }

    /** Lets go of all. */
    void retire() {
        List.copyOf(byClient.keySet()).forEach(this::end);
    }

    private void left(Addresses client) {
        end(Optional.of(client));
    }

    private void makeRoomFor(Optional<Addresses> client) {
        if (!isFull()) {
            return;
        }
        Iterator<Map.Entry<Optional<Addresses>, Map<InetSocketAddress, EndpointPool>>> others =
                List.copyOf(byClient.entrySet()).iterator();
        while (isFull() && others.hasNext()) {
            var other = others.next();
            boolean idle = other.getValue().values().stream().allMatch(EndpointPool::isIdle);
            if (idle && !other.getKey().equals(client)) {
                end(other.getKey());
            }
        }
    }

    private boolean isFull() {
        return byClient.size() > MOST_CLIENTS || connections.used() >= connections.limit();
    }

    private void end(Optional<Addresses> client) {
        Map<InetSocketAddress, EndpointPool> own = byClient.remove(client);
        if (own != null) {
            client.ifPresent(one -> departures.forget(one, onLeft));
            own.values().forEach(EndpointPool::retire);
        }
    }
}
