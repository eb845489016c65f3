package dev.sluice.proxy.boot;

import dev.sluice.proxy.cluster.ConfigurationThread;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The configuration thread as a daemon thread of this process. Thread-safe. */
final class ConfigurationExecutor implements ConfigurationThread, AutoCloseable {
    private static final System.Logger LOG =
            System.getLogger(ConfigurationExecutor.class.getName());

    private final ScheduledThreadPoolExecutor executor;

    ConfigurationExecutor() {
        executor =
                new ScheduledThreadPoolExecutor(
                        1,
                        work -> {
                            Thread thread = new Thread(work, "sluice-configuration");
                            thread.setDaemon(true);
                            return thread;
                        });
        executor.setRemoveOnCancelPolicy(true);
    }

    @Override
    public void execute(Runnable action) {
        try {
            executor.execute(() -> run(action));
        } catch (RejectedExecutionException closed) {
            // What comes after the end, such as a late answer of DNS, changes nothing any more.
        }
    }

    /** A bug of one action must not pass unseen, nor end what comes after it. */
    private static void run(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException bug) {
            LOG.log(System.Logger.Level.ERROR, "an action of the configuration failed", bug);
        }
    }

    @Override
    public Cancellable after(Duration delay, Runnable action) {
        try {
            Future<?> future =
                    executor.schedule(() -> run(action), delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> future.cancel(/* mayInterruptIfRunning= */ false);
        } catch (RejectedExecutionException closed) {
            return () -> {};
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
