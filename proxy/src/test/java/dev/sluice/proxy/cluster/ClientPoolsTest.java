package dev.sluice.proxy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.codec.TransportSecurity.Addresses;
import dev.sluice.proxy.exchange.ClientConnection;
import dev.sluice.proxy.exchange.ClientStream;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.exchange.ResponseReceiver;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.pool.Budgets;
import dev.sluice.proxy.pool.Connector;
import dev.sluice.proxy.pool.EndpointPool;
import dev.sluice.proxy.pool.Waiter;
import dev.sluice.proxy.pool.Way;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec.CircuitBreakers;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec.RetryLimit;
import dev.sluice.proxy.snapshot.cluster.UpstreamSpec;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClientPoolsTest {
    private static final InetSocketAddress FIRST = new InetSocketAddress("10.0.0.1", 80);
    private static final InetSocketAddress SECOND = new InetSocketAddress("10.0.0.2", 80);

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Departures departures = new Departures();
    private final List<Connection> connections = new ArrayList<>();

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private ClientPools pools(int mostConnections) {
        Budgets budgets =
                Budgets.of(
                        new CircuitBreakers(mostConnections, 1024, 1024, new RetryLimit.Fixed(3)));
        return new ClientPools(
                departures,
                budgets.connections(),
                way ->
                        new EndpointPool(
                                channel.eventLoop(),
                                new AtOnce(),
                                way,
                                budgets,
                                UpstreamSpec.DEFAULT));
    }

    private static Addresses client(int port) {
        return new Addresses(
                new InetSocketAddress("192.0.2.1", port), new InetSocketAddress("192.0.2.2", 443));
    }

    /** A request of this client to its end. */
    private Connection use(
            ClientPools pools, InetSocketAddress remote, Optional<Addresses> client) {
        Taker taker = new Taker();
        pools.to(remote, client).acquire(taker);
        return taker.connection;
    }

    @Test
    void each_client_has_connections_of_its_own_to_each_endpoint() {
        ClientPools pools = pools(10);
        Optional<Addresses> one = Optional.of(client(1));
        Optional<Addresses> two = Optional.of(client(2));

        List<Connection> used =
                List.of(
                        use(pools, FIRST, one),
                        use(pools, FIRST, two),
                        use(pools, SECOND, one),
                        use(pools, FIRST, Optional.empty()));

        assertThat(used).as("connections").doesNotHaveDuplicates();
        assertThat(used.stream().map(connection -> connection.way))
                .as("where they go, and for whom")
                .containsExactly(
                        new Way(FIRST, one),
                        new Way(FIRST, two),
                        new Way(SECOND, one),
                        Way.shared(FIRST));
        assertThat(use(pools, FIRST, one)).as("the next request").isSameAs(used.getFirst());
    }

    @Test
    void connections_end_when_their_client_leaves() {
        ClientPools pools = pools(10);
        Connection left = use(pools, FIRST, Optional.of(client(1)));
        Connection stays = use(pools, FIRST, Optional.of(client(2)));
        Connection own = use(pools, FIRST, Optional.empty());

        departures.left(client(1));

        assertThat(left.retired).as("of who left").isTrue();
        assertThat(List.of(stays.retired, own.retired)).as("others").containsOnly(false);
        assertThat(departures.awaited()).as("clients that are awaited").isEqualTo(1);
    }

    @Test
    void who_was_idle_for_longest_makes_room_while_the_limit_is_reached() {
        ClientPools pools = pools(3);
        Connection busy = use(pools, FIRST, Optional.of(client(1)));
        busy.active = 1;
        Connection second = use(pools, FIRST, Optional.of(client(2)));
        Connection third = use(pools, FIRST, Optional.of(client(3)));
        use(pools, FIRST, Optional.of(client(2)));

        use(pools, FIRST, Optional.of(client(4)));

        assertThat(busy.retired).as("who is busy").isFalse();
        assertThat(second.retired).as("who was served last").isFalse();
        assertThat(third.retired).as("who was idle for longest").isTrue();
    }

    @Test
    void nobody_makes_room_while_all_are_busy() {
        ClientPools pools = pools(2);
        Connection one = use(pools, FIRST, Optional.of(client(1)));
        Connection two = use(pools, FIRST, Optional.of(client(2)));
        one.active = 1;
        two.active = 1;

        Connection third = use(pools, FIRST, Optional.of(client(3)));

        assertThat(List.of(one.retired, two.retired, third.retired)).containsOnly(false);
    }

    @Test
    void no_more_than_so_many_idle_clients_are_kept() {
        ClientPools pools = pools(10 * ClientPools.MOST_CLIENTS);
        for (int port = 1; port <= ClientPools.MOST_CLIENTS + 5; port++) {
            use(pools, FIRST, Optional.of(client(port)));
        }

        assertThat(connections.stream().filter(one -> !one.retired))
                .as("connections that are kept")
                .hasSize(ClientPools.MOST_CLIENTS);
        assertThat(departures.awaited())
                .as("clients that are awaited")
                .isEqualTo(ClientPools.MOST_CLIENTS);
    }

    @Test
    void connections_to_endpoints_that_went_end() {
        ClientPools pools = pools(10);
        Connection gone = use(pools, FIRST, Optional.of(client(1)));
        Connection stays = use(pools, SECOND, Optional.of(client(1)));

        pools.keepOnly(Set.of(SECOND));

        assertThat(gone.retired).as("to the endpoint that went").isTrue();
        assertThat(stays.retired).as("to the other").isFalse();
    }

    @Test
    void all_end_with_their_cluster_and_nobody_is_awaited_any_more() {
        ClientPools pools = pools(10);
        ClientPools other = pools(10);
        Connection one = use(pools, FIRST, Optional.of(client(1)));
        Connection own = use(pools, FIRST, Optional.empty());
        Connection others = use(other, FIRST, Optional.of(client(1)));

        pools.retire();

        assertThat(List.of(one.retired, own.retired)).as("of the cluster").containsOnly(true);
        assertThat(others.retired).as("of another").isFalse();
        other.retire();
        assertThat(departures.awaited()).as("clients that are awaited").isZero();
    }

    /** Connects at once. */
    private final class AtOnce implements Connector {
        @Override
        public void connect(Way way, Receiver receiver) {
            Connection connection = new Connection(way);
            connections.add(connection);
            receiver.onConnected(connection);
        }

        @Override
        public int expectedCapacity() {
            return 1;
        }
    }

    /** Has capacity for ever. */
    private static final class Connection implements ClientConnection {
        private final Way way;
        private int active;
        private boolean retired;

        Connection(Way way) {
            this.way = way;
        }

        @Override
        public ClientStream open(RequestHead head, boolean ended, ResponseReceiver receiver) {
            throw new AssertionError("opened");
        }

        @Override
        public int capacity() {
            return 1;
        }

        @Override
        public boolean canUpgrade(RequestHead head) {
            return true;
        }

        @Override
        public SocketAddress local() {
            throw new AssertionError("asked for its address");
        }

        @Override
        public int active() {
            return active;
        }

        @Override
        public boolean isRetired() {
            return retired;
        }

        @Override
        public void onChange(Runnable callback) {}

        @Override
        public void retire() {
            retired = true;
        }

        @Override
        public void close() {
            retired = true;
        }
    }

    /** Remembers what it got. */
    private static final class Taker implements Waiter {
        private Connection connection = new Connection(Way.shared(FIRST));

        @Override
        public void onReady(ClientConnection got, Lease lease) {
            connection = (Connection) got;
        }

        @Override
        public void onFailed(StreamReset reset) {
            throw new AssertionError(reset.detail());
        }
    }
}
