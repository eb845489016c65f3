package dev.sluice.proxy.telemetry;

import java.util.concurrent.atomic.LongAdder;

/** Counts clients' connections. Thread-safe. */
public final class ConnectionCounts {
    private final LongAdder opened = new LongAdder();
    private final LongAdder closed = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder handshakesFailed = new LongAdder();

    public void opened() {
        opened.increment();
    }

    public void closed() {
        closed.increment();
    }

    public void refused() {
        refused.increment();
    }

    /** Connections that were refused since the start. */
    public long allRefused() {
        return refused.sum();
    }

    public void handshakeFailed() {
        handshakesFailed.increment();
    }

    /** TLS handshakes that failed since the start. */
    public long handshakesFailed() {
        return handshakesFailed.sum();
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
