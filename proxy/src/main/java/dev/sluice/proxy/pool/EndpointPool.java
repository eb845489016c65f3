package dev.sluice.proxy.pool;

import dev.sluice.proxy.exchange.ClientConnection;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.snapshot.cluster.UpstreamSpec;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The connections of one event loop to one endpoint, and the requests that wait for one. The same
 * class serves HTTP/1.1, where a connection carries one exchange, and HTTP/2, where it carries
 * many: all it asks of a connection is its capacity. The connection used last is used first, so
 * that those not needed grow idle and are closed. Loop-owned.
 *
 * <h2>Limits</h2>
 *
 * Connections and waiting requests count against budgets that the loops share. A pool without any
 * connection may open one over the budget, else its requests could wait for ever on connections of
 * other loops.
 */
public final class EndpointPool {
    private final EventLoop loop;
    private final Connector connector;
    private final Way way;
    private final Budgets budgets;
    private final UpstreamSpec bounds;
    private final Duration idleTimeout;
    private final List<Pooled> connections = new ArrayList<>();

    /** Those with capacity; the one used last is first. */
    private final ArrayDeque<Pooled> ready = new ArrayDeque<>();

    private final WaitingLine queue;

    /** Being opened, or open without having had capacity yet. */
    private int connecting;

    private boolean retired;
    private boolean trimming;

    /**
     * @param bounds how long a connection is used: without exchanges it is closed after 1 to 2 idle
     *     times, and with its last exchange where it has carried enough or has grown old
     */
    public EndpointPool(
            EventLoop loop, Connector connector, Way way, Budgets budgets, UpstreamSpec bounds) {
        this.loop = loop;
        this.connector = connector;
        this.way = way;
        this.budgets = budgets;
        this.bounds = bounds;
        idleTimeout = bounds.idle();
        queue = new WaitingLine(loop, budgets.pending());
    }

    /** Gives the waiter a connection, at once or later. */
    public Ticket acquire(Waiter waiter) {
        assert loop.inEventLoop();
        Pooled first = ready.peekFirst();
        if (first != null) {
            hand(first, waiter);
            return Ticket.SERVED;
        }
        if (!budgets.pending().tryTake()) {
            waiter.onFailed(NoConnection.overflow(budgets.pending()));
            return Ticket.SERVED;
        }
        Ticket place = queue.add(waiter);
        connectForQueue();
        return place;
    }

    /** The endpoint. */
    public InetSocketAddress remote() {
        return way.remote();
    }

    /** Open connections. */
    public int connections() {
        return connections.size();
    }

    /** Requests that wait. */
    public int waiting() {
        return queue.size();
    }

    /** Whether no request is carried or waits, and no connection is being opened. */
    public boolean isIdle() {
        return queue.isEmpty()
                && connecting == 0
                && connections.stream().allMatch(pooled -> pooled.connection.active() == 0);
    }

    /**
     * Takes no connection into use any more: those without exchanges close now, the others when
     * they are done. Requests that already wait are still served.
     */
    public void retire() {
        assert loop.inEventLoop();
        retired = true;
        if (queue.isEmpty()) {
            List.copyOf(connections).forEach(Pooled::leave);
        }
    }

    private void hand(Pooled pooled, Waiter waiter) {
        Waiter.Lease lease = pooled.wear.isFresh() ? Waiter.Lease.FRESH : Waiter.Lease.REUSED;
        pooled.wear.used();
        waiter.onReady(pooled.connection, lease);
        pooled.changed();
    }

    private void connectForQueue() {
        long expected = (long) connecting * connector.expectedCapacity();
        if (expected >= queue.size()) {
            return;
        }
        if (!budgets.connections().tryTake()) {
            if (connecting > 0 || !connections.isEmpty()) {
                return;
            }
            budgets.connections().take();
        }
        connecting++;
        connector.connect(way, new Connecting());
    }

    private void serveQueue() {
        while (!queue.isEmpty() && !ready.isEmpty()) {
            hand(ready.getFirst(), queue.next());
        }
        if (!queue.isEmpty()) {
            connectForQueue();
        } else if (retired) {
            List.copyOf(connections).forEach(Pooled::leave);
        }
    }

    /** One attempt to connect failed: the first waiter hears it, all do when none is left. */
    private void failWaiting(StreamReset reset) {
        if (connections.isEmpty() && connecting == 0) {
            queue.failAll(reset);
            return;
        }
        if (!queue.isEmpty()) {
            queue.next().onFailed(reset);
        }
        if (!queue.isEmpty()) {
            connectForQueue();
        }
    }

    private void trimLater() {
        if (!trimming && !idleTimeout.isZero()) {
            trimming = true;
            var unused = loop.schedule(this::trim, idleTimeout.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void trim() {
        trimming = false;
        long now = loop.ticker().nanoTime();
        for (Pooled pooled : List.copyOf(connections)) {
            boolean idle = pooled.connection.active() == 0;
            if (idle && now - pooled.idleSince >= idleTimeout.toNanos()) {
                pooled.leave();
            }
        }
        if (!connections.isEmpty()) {
            trimLater();
        }
    }

    /** A connection of this pool. */
    private final class Pooled {
        private final ClientConnection connection;
        private final Wear wear;
        private boolean opening = true;
        private boolean offered;
        private boolean gone;
        private long idleSince = loop.ticker().nanoTime();

        Pooled(ClientConnection connection) {
            this.connection = connection;
            wear = new Wear(loop, bounds, this::changed);
        }

        /** Puts the connection where its capacity says. */
        void changed() {
            if (gone) {
                return;
            }
            if (connection.active() == 0) {
                idleSince = loop.ticker().nanoTime();
            }
            if (connection.isRetired()) {
                boolean useless = opening;
                drop();
                if (useless) {
                    failWaiting(NoConnection.lost());
                } else {
                    serveQueue();
                }
                return;
            }
            if (wear.isWorn() && connection.active() == 0) {
                connector.worn(wear.what());
                leave();
                serveQueue();
                return;
            }
            boolean has = connection.capacity() > 0;
            if (has) {
                opened();
            }
            has &= !wear.isWorn();
            if (has && !offered) {
                offered = true;
                ready.addFirst(this);
                serveQueue();
            } else if (!has && offered) {
                offered = false;
                ready.remove(this);
            }
            if (retired && queue.isEmpty() && !gone) {
                leave();
            }
        }

        /** Leaves the pool and closes when its exchanges are done. */
        void leave() {
            if (!gone) {
                drop();
                connection.retire();
            }
        }

        /** It has had capacity once, or never will. */
        private void opened() {
            if (opening) {
                opening = false;
                connecting--;
            }
        }

        private void drop() {
            gone = true;
            wear.stop();
            opened();
            connections.remove(this);
            if (offered) {
                offered = false;
                ready.remove(this);
            }
            budgets.connections().giveBack();
        }
    }

    /** Takes the result of one attempt to connect. */
    private final class Connecting implements Connector.Receiver {
        @Override
        public void onConnected(ClientConnection connection) {
            assert loop.inEventLoop();
            Pooled pooled = new Pooled(connection);
            connections.add(pooled);
            connection.onChange(pooled::changed);
            trimLater();
            pooled.changed();
        }

        @Override
        public void onFailed(StreamReset reset) {
            assert loop.inEventLoop();
            connecting--;
            budgets.connections().giveBack();
            failWaiting(reset);
        }
    }
}
