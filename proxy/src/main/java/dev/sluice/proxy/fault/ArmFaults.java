package dev.sluice.proxy.fault;

import dev.sluice.proxy.pool.EndpointPool;
import dev.sluice.proxy.pool.Ticket;
import dev.sluice.proxy.pool.Waiter;
import io.netty.channel.EventLoop;

/**
 * What stands between one request and the endpoints of one arm. An attempt asks it for a connection
 * in place of the endpoint's pool, and so meets its faults as it would meet those of the endpoint:
 * retries, fallback, deadlines and outlier detection all see them. Loop-owned.
 */
@FunctionalInterface
public interface ArmFaults {
    /** Nothing stands there. */
    ArmFaults NONE = (pool, waiter, loop, witness) -> pool.acquire(waiter);

    /** Gives the waiter a connection, faulty or not, at once or later; once for each attempt. */
    Ticket acquire(EndpointPool pool, Waiter waiter, EventLoop loop, FaultWitness witness);
}
