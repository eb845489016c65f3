package dev.sluice.chaos.cli;

import dev.sluice.chaos.run.Waits;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The machine's time; a pause ends early when somebody wakes it. */
final class RealWaits implements Waits {
    private final CountDownLatch woken = new CountDownLatch(1);

    void wake() {
        woken.countDown();
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
    public void pause(Duration duration) {
        try {
            var unused = woken.await(duration.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
