package dev.sluice.proxy.gate;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The room for writes that wait for a hold to end, and what became of them. Thread-safe. */
public final class HeldWrites {
    /**
     * Most that wait at once. Each keeps its head and its client's stream, some 2 KiB: 8 MiB of a
     * heap of 64. At 1,000 writes a second of the held buckets there is room for four seconds, and
     * a switch takes less than one.
     */
    static final int MOST = 4_096;

    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong released = new AtomicLong();
    private final AtomicLong timedOut = new AtomicLong();
    private final AtomicLong turnedAway = new AtomicLong();
    private final AtomicLong left = new AtomicLong();

    /** How the wait of a write ended. */
    enum End {
        /** It was decided anew. */
        RELEASED,
        /** The hold lasted longer than it might wait. */
        TIMED_OUT,
        /** Its client went away. */
        LEFT
    }

    /** Takes one in, unless there is no room. */
    boolean enter() {
        if (waiting.incrementAndGet() <= MOST) {
            return true;
        }
        waiting.decrementAndGet();
        turnedAway.incrementAndGet();
        return false;
    }

    /** One that was taken in waits no more. */
    void leave(End end) {
        waiting.decrementAndGet();
        switch (end) {
            case RELEASED -> released.incrementAndGet();
            case TIMED_OUT -> timedOut.incrementAndGet();
            case LEFT -> left.incrementAndGet();
        }
    }

    /** Writes that wait now. */
    public int waiting() {
        return waiting.get();
    }

    /** Writes since the start that went on. */
    public long released() {
        return released.get();
    }

    /** Writes since the start that waited for too long. */
    public long timedOut() {
        return timedOut.get();
    }

    /** Writes since the start that found no room to wait. */
    public long turnedAway() {
        return turnedAway.get();
    }

    /** Writes since the start whose clients went away while they waited. */
    public long left() {
        return left.get();
    }
}
