package dev.sluice.bench.control.fleet;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Something that every sidecar is to reach, and when the last one did. Thread-safe. */
final class Round {
    private static final long LONGEST_SECONDS = 60;

    private final Predicate<Sidecar> goal;
    private final CountDownLatch left;
    private volatile long last;

    Round(int sidecars, Predicate<Sidecar> goal) {
        this.goal = goal;
        this.left = new CountDownLatch(sidecars);
    }

    boolean isMet(Sidecar sidecar) {
        return goal.test(sidecar);
    }

    /** One more has reached it; called once by each. */
    void reached() {
        last = System.nanoTime();
        left.countDown();
    }

    /**
     * Waits for the last sidecar.
     *
     * @return milliseconds from {@code began} to it
     * @throws IllegalStateException when it does not come
     */
    double millisSince(long began) throws InterruptedException {
        if (!left.await(LONGEST_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(
                    left.getCount() + " sidecars did not get there in " + LONGEST_SECONDS + " s");
        }
        return (last - began) / 1e6;
    }
}
