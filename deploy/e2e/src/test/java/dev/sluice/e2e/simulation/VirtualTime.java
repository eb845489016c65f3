package dev.sluice.e2e.simulation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/**
 * The only thing that runs anything: tasks by their time, then by their order. Time stands still
 * while a task runs. Used by one thread.
 */
final class VirtualTime extends Clock {
    private static final Instant START = Instant.parse("2026-11-01T08:00:00Z");
    private static final long MOST_TASKS_A_MINUTE = 3_000_000;

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::at).thenComparingLong(Task::order));
    private final RandomGenerator jitter;
    private Runnable afterEach = () -> {};
    private long now;
    private long order;

    private record Task(long at, long order, Runnable action) {}

    /**
     * @param jitter of lanes, so that seeds differ in who comes first
     */
    VirtualTime(RandomGenerator jitter) {
        this.jitter = jitter;
    }

    /** Nanoseconds since the start. */
    long nanos() {
        return now;
    }

    /** A thread of a process that lives from now on. */
    Lane lane() {
        return new Lane(this, jitter);
    }

    /** What else there is to do at the time of each task, when it is over. */
    void afterEach(Runnable action) {
        afterEach = action;
    }

    void after(Duration delay, Runnable action) {
        at(now + delay.toNanos(), action);
    }

    void at(long nanos, Runnable action) {
        tasks.add(new Task(nanos, order++, action));
    }

    /** Runs everything until then. */
    void runUntil(Duration sinceStart) {
        long end = sinceStart.toNanos();
        long most = MOST_TASKS_A_MINUTE * (1 + sinceStart.toMinutes());
        while (!tasks.isEmpty() && tasks.peek().at() <= end) {
            Task task = tasks.poll();
            now = task.at();
            task.action().run();
            afterEach.run();
            if (order > most) {
                throw new IllegalStateException(
                        most + " tasks by " + instant() + " (expected: fewer); a loop?");
            }
        }
        now = end;
    }

    @Override
    public Instant instant() {
        return START.plusNanos(now);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("virtual time has one zone");
    }
}
