package dev.sluice.proxy.tap;

import java.util.concurrent.atomic.LongAdder;

/** What became of what taps recorded, since the start. Thread-safe. */
public final class TapCounts {
    private final LongAdder written = new LongAdder();
    private final LongAdder lost = new LongAdder();

    void written() {
        written.increment();
    }

    void lost() {
        lost.increment();
    }

    /** Messages that were written. */
    public long allWritten() {
        return written.sum();
    }

    /** Messages and parts of them that were lost: no memory, a slow client, a file's error. */
    public long allLost() {
        return lost.sum();
    }
}
