package dev.sluice.proxy.pool;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;

/** A bounded count that all event loops share: one limit of a circuit breaker. Thread-safe. */
public final class Budget {
    private final IntSupplier limit;
    private final AtomicInteger used = new AtomicInteger();
    private final LongAdder refused = new LongAdder();

    /**
     * @param limit how many may be taken at once, 0..
     */
    public Budget(int limit) {
        this(() -> limit);
    }

    /**
     * @param limit how many may be taken at once at the time of the call, 0..; thread-safe
     */
    Budget(IntSupplier limit) {
        this.limit = limit;
    }

    /** Takes one unless the limit is reached; a refusal is counted. */
    public boolean tryTake() {
        if (used.incrementAndGet() <= limit.getAsInt()) {
            return true;
        }
        used.decrementAndGet();
        refused.increment();
        return false;
    }

    /** Takes one even over the limit. */
    public void take() {
        used.incrementAndGet();
    }

    /** Gives back one that was taken. */
    public void giveBack() {
        used.decrementAndGet();
    }

    /** How many are taken now. */
    public int used() {
        return used.get();
    }

    public int limit() {
        return limit.getAsInt();
    }

    /** How often {@link #tryTake} refused. */
    public long refused() {
        return refused.sum();
    }
}
