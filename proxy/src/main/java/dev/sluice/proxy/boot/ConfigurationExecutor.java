package dev.sluice.proxy.boot;

import dev.sluice.proxy.cluster.ConfigurationThread;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The configuration thread as a daemon thread of this process. Thread-safe. */
final class ConfigurationExecutor implements ConfigurationThread, AutoCloseable {
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
            executor.execute(action);
        } catch (RejectedExecutionException closed) {
            // What comes after the end, such as a late answer of DNS, changes nothing any more.
        }
    }

    @Override
    public Cancellable after(Duration delay, Runnable action) {
        try {
            Future<?> future =
                    executor.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
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
