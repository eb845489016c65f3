package dev.sluice.chaos.cli;

import dev.sluice.chaos.experiment.Waits;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The machine's time, until somebody ends it. Thread-safe. */
final class RealWaits implements Waits {
    private final CountDownLatch end = new CountDownLatch(1);

    void end() {
        end.countDown();
    }

    boolean ended() {
        return end.getCount() == 0;
    }

    @Override
    public Instant instant() {
        return Instant.now();
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public boolean pause(Duration duration) {
        try {
            return !end.await(duration.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
