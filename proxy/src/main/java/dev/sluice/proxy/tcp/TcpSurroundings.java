package dev.sluice.proxy.tcp;

import dev.sluice.proxy.observe.ExchangeObserver;
import dev.sluice.proxy.path.ConfigurationInForce;
import dev.sluice.proxy.pool.EndpointSocket;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec;
import io.netty.channel.EventLoop;
import java.time.Clock;
import java.util.function.Supplier;

/**
 * What all TCP proxies share. Thread-safe.
 *
 * @param configuration the one in force now
 * @param sockets open connections to endpoints
 * @param clock wall clock, for records
 * @param observer is told of every connection that ended
 */
public record TcpSurroundings(
        Supplier<ConfigurationInForce> configuration,
        Sockets sockets,
        Clock clock,
        ExchangeObserver observer) {
    /** Makes what opens connections to a cluster's endpoints. */
    @FunctionalInterface
    public interface Sockets {
        EndpointSocket create(EventLoop loop, ClusterSpec cluster);
    }
}
