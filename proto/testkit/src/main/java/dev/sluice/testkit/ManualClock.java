package dev.sluice.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Time that passes only when a test says so. The wall clock, the {@link #ticker} and scheduled
 * actions advance together. Thread-safe; actions run on the thread that advances, in the order of
 * their due times (same time: in the order of scheduling), and see the clock at exactly their due
 * time. An action may schedule further ones, which run in the same advance when they fall due in
 * it.
 */
public final class ManualClock extends Clock {
    /** Where a clock stands by default: a round date, so that printed times are easy to compare. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final State state;
    private final ZoneId zone;

    /** A clock that stands at {@link #START} in UTC, its ticker at 0. */
    public ManualClock() {
        this(START);
    }

    /** A clock that stands at {@code start} in UTC, its ticker at 0. */
    public ManualClock(Instant start) {
        this(new State(start), ZoneOffset.UTC);
    }

    private ManualClock(State state, ZoneId zone) {
        this.state = state;
        this.zone = zone;
    }

    /** Nanoseconds since this clock was made; never goes back. */
    public long nanos() {
        return state.nanos();
    }

    /** {@link #nanos()} as the ticker that production code takes. */
    public LongSupplier ticker() {
        return state::nanos;
    }

    /**
     * Lets time pass and runs what falls due.
     *
     * @param step zero or more
     * @throws IllegalArgumentException for a negative step: this clock never goes back
     */
    public void advance(Duration step) {
        if (step.isNegative()) {
            throw new IllegalArgumentException("advance by " + step + " (expected: >= 0)");
        }
        state.advance(step.toNanos());
    }

    /**
     * Runs {@code action} once, when {@code delay} has passed on this clock; a delay of zero or
     * less runs it on the next {@link #advance}, even by zero.
     *
     * @return the order, by which it can be cancelled
     */
    public Scheduled schedule(Duration delay, Runnable action) {
        return state.schedule(delay.toNanos(), action);
    }

    /** Actions that wait for their time. */
    public int scheduled() {
        return state.waiting();
    }

    @Override
    public Instant instant() {
        return state.start.plusNanos(state.nanos());
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    /** The same time, shown in another zone: both advance together. */
    @Override
    public Clock withZone(ZoneId other) {
        return new ManualClock(state, other);
    }

    /** An action that waits for its time. */
    public interface Scheduled {
        /** Takes the action back; false when it ran or was cancelled before. */
        boolean cancel();
    }

    private record Entry(long due, long order, Runnable action) {}

    private static final class State {
        private final Instant start;
        private final ReentrantLock lock = new ReentrantLock();
        private final PriorityQueue<Entry> entries =
                new PriorityQueue<>(
                        Comparator.comparingLong(Entry::due).thenComparingLong(Entry::order));
        private long nanos;
        private long orders;

        State(Instant start) {
            this.start = start;
        }

        long nanos() {
            lock.lock();
            try {
                return nanos;
            } finally {
                lock.unlock();
            }
        }

        int waiting() {
            lock.lock();
            try {
                return entries.size();
            } finally {
                lock.unlock();
            }
        }

        Scheduled schedule(long delay, Runnable action) {
            lock.lock();
            try {
                Entry entry = new Entry(nanos + Math.max(0, delay), orders++, action);
                entries.add(entry);
                return () -> remove(entry);
            } finally {
                lock.unlock();
            }
        }

        private boolean remove(Entry entry) {
            lock.lock();
            try {
                return entries.remove(entry);
            } finally {
                lock.unlock();
            }
        }

        /** Outside the lock while an action runs, so that it may schedule, cancel and read. */
        void advance(long step) {
            lock.lock();
            try {
                long target = nanos + step;
                Entry next = entries.peek();
                while (next != null && next.due() <= target) {
                    entries.remove(next);
                    nanos = Math.max(nanos, next.due());
                    lock.unlock();
                    try {
                        next.action().run();
                    } finally {
                        lock.lock();
                    }
                    next = entries.peek();
                }
                nanos = Math.max(nanos, target);
            } finally {
                lock.unlock();
            }
        }
    }
}
