package dev.sluice.proxy.telemetry;

import java.util.concurrent.atomic.LongAdder;

/** Counts clients' connections. Thread-safe. */
public final class ConnectionCounts {
    private final LongAdder opened = new LongAdder();
    private final LongAdder closed = new LongAdder();

    public void opened() {
        opened.increment();
    }

    public void closed() {
        closed.increment();
    }

    /** Connections since the start. */
    public long total() {
        return opened.sum();
    }

    /** Connections open now. */
    public long active() {
        return opened.sum() - closed.sum();
    }
}
