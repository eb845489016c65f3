package dev.sluice.proxy.endpoint;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The expected latency of one endpoint: a moving average that takes a peak at once and forgets it
 * over the decay time, idle or not, so that a slow endpoint is tried again (linkerd, Finagle: peak
 * EWMA). Thread-safe.
 */
public final class PeakLatency {
    private final AtomicReference<@Nullable Seen> seen = new AtomicReference<>();

    private record Seen(double nanos, long at) {}

    /**
     * Takes what one request saw.
     *
     * @param nanos it took, 0..
     * @param now by the ticker
     * @param decay nanoseconds after which an observation weighs 1/e
     */
    public void observe(long nanos, long now, long decay) {
        seen.updateAndGet(before -> next(before, nanos, now, decay));
    }

    /**
     * Expected now.
     *
     * @param unseen nanoseconds that are expected before anything was seen
     */
    public double expected(long now, long decay, long unseen) {
        Seen last = seen.get();
        return last == null ? unseen : last.nanos() * weight(last, now, decay);
    }

    private static Seen next(@Nullable Seen before, long nanos, long now, long decay) {
        if (before == null || nanos >= before.nanos()) {
            return new Seen(nanos, now);
        }
        double old = weight(before, now, decay);
        return new Seen(before.nanos() * old + nanos * (1 - old), now);
    }

    private static double weight(Seen last, long now, long decay) {
        return Math.exp(-(double) Math.max(0, now - last.at()) / decay);
    }
}
