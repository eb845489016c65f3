package dev.sluice.proxy.keys;

import java.util.concurrent.atomic.LongAdder;

/** Fetches of keys since the start. Thread-safe. */
public final class KeyFetchCounts {
    private final LongAdder good = new LongAdder();
    private final LongAdder bad = new LongAdder();

    void fetched() {
        good.increment();
    }

    void failed() {
        bad.increment();
    }

    /** Fetches that brought keys. */
    public long good() {
        return good.sum();
    }

    /** Fetches that brought none, repeats included. */
    public long bad() {
        return bad.sum();
    }
}
