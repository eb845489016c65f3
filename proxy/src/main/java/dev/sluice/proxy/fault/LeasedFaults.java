package dev.sluice.proxy.fault;

import dev.sluice.contract.fault.Selection.Identity;
import dev.sluice.proxy.pool.EndpointPool;
import dev.sluice.proxy.pool.Ticket;
import dev.sluice.proxy.pool.Waiter;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;

/** The faults of leases that one request may meet on one arm. Loop-owned. */
final class LeasedFaults implements ArmFaults {
    private final List<LiveLease> leases;
    private final Identity who;
    private int attempts;

    /**
     * @param leases that the request matches
     */
    LeasedFaults(List<LiveLease> leases, Identity who) {
        this.leases = leases;
        this.who = who;
    }

    @Override
    public Ticket acquire(EndpointPool pool, Waiter waiter, EventLoop loop, FaultWitness witness) {
        int attempt = attempts++;
        List<Hit> hits = new ArrayList<>(leases.size());
        leases.forEach(
                lease -> lease.draw(who, attempt, pool.remote(), witness).ifPresent(hits::add));
        return hits.isEmpty()
                ? pool.acquire(waiter)
                : new FaultyAttempt(pool, waiter, loop, hits).start();
    }
}
