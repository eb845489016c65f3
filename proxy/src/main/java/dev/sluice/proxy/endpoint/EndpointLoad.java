package dev.sluice.proxy.endpoint;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What one endpoint has to do, counted over all loops. Thread-safe. */
public final class EndpointLoad {
    private final AtomicInteger active = new AtomicInteger();
    private final LongAdder total = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder connectFailed = new LongAdder();
    private final PeakLatency latency = new PeakLatency();

    /** A request begins. */
    public void begin() {
        active.incrementAndGet();
        total.increment();
    }

    /** A request ended with an answer below 500. */
    public void succeed() {
        active.decrementAndGet();
    }

    /** A request ended with a 5xx answer or without any. */
    public void fail() {
        active.decrementAndGet();
        failed.increment();
    }

    /** No connection could be had. */
    public void connectFailed() {
        connectFailed.increment();
    }

    /** Requests under way. */
    public int active() {
        return active.get();
    }

    /** Requests since the endpoint is known. */
    public long total() {
        return total.sum();
    }

    /** Requests that failed. */
    public long failed() {
        return failed.sum();
    }

    /** Attempts to connect that failed. */
    public long connectFailures() {
        return connectFailed.sum();
    }

    /** How long it takes to answer, where the balancer of its cluster asks for that. */
    public PeakLatency latency() {
        return latency;
    }
}
