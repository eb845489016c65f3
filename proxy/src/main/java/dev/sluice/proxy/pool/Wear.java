package dev.sluice.proxy.pool;

import dev.sluice.proxy.exchange.RefusalObserver.Worn;
import dev.sluice.proxy.snapshot.cluster.UpstreamSpec;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long one connection is good for: so many requests, and so much time. What is worn finishes
 * what it carries and takes no more. Loop-owned.
 */
final class Wear {
    private final int mostRequests;
    private final @Nullable Future<?> timer;
    private long requests;
    private boolean old;

    /**
     * @param onWorn runs when the time is over
     */
    Wear(EventLoop loop, UpstreamSpec bounds, Runnable onWorn) {
        mostRequests = bounds.mostRequests();
        timer =
                bounds.longest().isZero()
                        ? null
                        : loop.schedule(
                                () -> {
                                    old = true;
                                    onWorn.run();
                                },
                                bounds.longest().toNanos(),
                                TimeUnit.NANOSECONDS);
    }

    /** It is about to carry one more request. */
    void used() {
        requests++;
    }

    /** Whether it has carried none yet. */
    boolean isFresh() {
        return requests == 0;
    }

    boolean isWorn() {
        return old || hasCarriedEnough();
    }

    /** Of what it has had enough, when it is worn. */
    Worn what() {
        return hasCarriedEnough() ? Worn.REQUESTS : Worn.DURATION;
    }

    private boolean hasCarriedEnough() {
        return mostRequests > 0 && requests >= mostRequests;
    }

    void stop() {
        if (timer != null) {
            timer.cancel(/* mayInterruptIfRunning= */ false);
        }
    }
}
