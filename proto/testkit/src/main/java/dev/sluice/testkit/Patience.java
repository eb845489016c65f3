package dev.sluice.testkit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How long a test waits for something that must happen. Waiting ends as soon as it does; the limit
 * only bounds a test that would hang. Immutable.
 */
public final class Patience {
    /** Seconds by system property {@code sluice.patience}; 20 by default, for loaded machines. */
    public static final Duration LIMIT =
            Duration.ofSeconds(Integer.getInteger("sluice.patience", 20));

    private Patience() {}

    /** Waits for the latch; an {@link AssertionError} that names {@code what} after the limit. */
    public static void await(CountDownLatch latch, String what) {
        try {
            if (!latch.await(LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
                throw gaveUp(what);
            }
        } catch (InterruptedException interrupted) {
            throw interrupted(what, interrupted);
        }
    }

    /** Waits for the future's value; an {@link AssertionError} when it fails or comes too late. */
    public static <T> T await(Future<T> future, String what) {
        try {
            return future.get(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            throw interrupted(what, interrupted);
        } catch (ExecutionException failed) {
            throw new AssertionError("waited for " + what + ", which failed", failed.getCause());
        } catch (TimeoutException late) {
            throw gaveUp(what);
        }
    }

    static AssertionError gaveUp(String what) {
        return new AssertionError("waited " + LIMIT.toSeconds() + " s in vain for " + what);
    }

    static AssertionError interrupted(String what, InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new AssertionError("interrupted while waiting for " + what, cause);
    }
}
