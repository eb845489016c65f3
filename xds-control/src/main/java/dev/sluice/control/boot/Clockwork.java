package dev.sluice.control.boot;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done again and again, on one thread. Thread-safe. */
final class Clockwork implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Clockwork.class);
    private static final long TICK_MILLIS = 250;

    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("clockwork").daemon().factory());

    /** For what is done once, later; tasks must be short. */
    ScheduledExecutorService timer() {
        return timer;
    }

    /** Does something again and again; a failure of one time does not end it. */
    void repeat(Runnable task) {
        var unused =
                timer.scheduleWithFixedDelay(
                        () -> {
                            try {
                                task.run();
                            } catch (RuntimeException e) {
                                LOG.error("the clockwork stumbled", e);
                            }
                        },
                        TICK_MILLIS,
                        TICK_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
