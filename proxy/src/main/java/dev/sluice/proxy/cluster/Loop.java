package dev.sluice.proxy.cluster;

import dev.sluice.proxy.pool.ConnectorFactory;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Ticker;
import java.util.random.RandomGenerator;

/**
 * One event loop and what belongs to it alone. Connections accepted on a loop use upstream
 * connections of the same loop, so that an exchange never crosses threads. Loop-owned but for
 * {@link #index} and {@link #executor}.
 *
 * @param index 0.., counts the loops of the proxy
 * @param executor the loop
 * @param random the loop's own source of randomness
 * @param timers deadlines of its exchanges
 * @param connectors makes upstream connections
 * @param ticker of the time that endpoints are judged by: how long they are well, left out, slow
 * @param departures of clients on it
 */
public record Loop(
        int index,
        EventLoop executor,
        RandomGenerator random,
        Timers timers,
        ConnectorFactory connectors,
        Ticker ticker,
        Departures departures) {
    /** One that has had no clients yet. */
    public Loop(
            int index,
            EventLoop executor,
            RandomGenerator random,
            Timers timers,
            ConnectorFactory connectors,
            Ticker ticker) {
        this(index, executor, random, timers, connectors, ticker, new Departures());
    }
}
