package dev.sluice.chaos.cli;

import dev.sluice.chaos.experiment.Waits;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The machine's time, until somebody ends it. Thread-safe. */
final class RealWaits implements Waits {
    private final CountDownLatch pauses = new CountDownLatch(1);
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    void end() {
        end.complete(null);
        pauses.countDown();
    }

    boolean ended() {
        return end.isDone();
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
            return !pauses.await(duration.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public boolean await(CompletableFuture<?> done, Duration most) {
        try {
            CompletableFuture.anyOf(done, end).get(most.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException seenBelow) {
            return done.isDone();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return done.isDone();
    }
}
