package dev.sluice.e2e.simulation;

import dev.sluice.proxy.cluster.ConfigurationThread;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * A thread of a simulated process: does one thing after another, in the order in which they were
 * given, each some microseconds later. Nothing of it runs after the process has died.
 */
final class Lane extends AbstractExecutorService implements ConfigurationThread {
    private static final int LONGEST_PAUSE = 200_000;

    private final VirtualTime time;
    private final RandomGenerator jitter;
    private long last;
    private boolean dead;

    Lane(VirtualTime time, RandomGenerator jitter) {
        this.time = time;
        this.jitter = jitter;
    }

    @Override
    public void execute(Runnable action) {
        last = Math.max(last, time.nanos() + jitter.nextInt(LONGEST_PAUSE));
        time.at(last, () -> runAlive(action));
    }

    @Override
    public Cancellable after(Duration delay, Runnable action) {
        boolean[] cancelled = new boolean[1];
        time.after(
                delay,
                () -> {
                    if (!cancelled[0]) {
                        runAlive(action);
                    }
                });
        return () -> cancelled[0] = true;
    }

    /** Runs it again and again, for as long as the process lives. */
    void every(Duration period, Runnable action) {
        time.after(
                period,
                () -> {
                    if (!dead) {
                        action.run();
                        every(period, action);
                    }
                });
    }

    private void runAlive(Runnable action) {
        if (!dead) {
            action.run();
        }
    }

    /** The process is no more. */
    void die() {
        dead = true;
    }

    @Override
    public void shutdown() {
        die();
    }

    @Override
    public List<Runnable> shutdownNow() {
        die();
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return dead;
    }

    @Override
    public boolean isTerminated() {
        return dead;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return dead;
    }
}
