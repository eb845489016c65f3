package dev.sluice.proxy.filter.concurrency;

import dev.sluice.proxy.snapshot.filter.AdaptiveConcurrencySpec;
import dev.sluice.proxy.snapshot.filter.AdaptiveConcurrencySpec.Minimum;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;

/**
 * A limit of requests under way that follows their latency, as Envoy's gradient controller does.
 * Thread-safe.
 *
 * <h2>Gradient</h2>
 *
 * After each window the limit is multiplied by (minimum + buffer) / latency, between 0.5 and 2, and
 * gets its own square root on top, so that it can grow while all is well. What waits in queues
 * behind this proxy shows as latency over the minimum, and shrinks it.
 *
 * <h2>Minimum</h2>
 *
 * It is measured while the least limit holds, so that no queue can form; requests that began before
 * do not count. The limit before comes back afterwards. A limit that stays at the least for five
 * windows is a sign that the minimum is no longer true: it is measured again.
 *
 * <h2>Time</h2>
 *
 * There is no timer: what is due is done by the next request. One of the loops wins the right to.
 */
public final class ConcurrencyLimit {
    private static final int AT_LEAST_WINDOWS = 5;

    private final AdaptiveConcurrencySpec spec;
    private final Ticker ticker;
    private final LatencyWindow window = new LatencyWindow();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger windowsAtLeast = new AtomicInteger();
    private final AtomicLong updateAt;
    private final AtomicReference<Phase> phase;
    private volatile int limit;
    private volatile long minimum;

    private sealed interface Phase {
        /**
         * The minimum is measured.
         *
         * @param since requests that began earlier do not count
         * @param before the limit that comes back
         * @param pause to the next measurement
         */
        record Measuring(long since, int before, Duration pause) implements Phase {}

        /**
         * The limit follows the latency.
         *
         * @param again when the minimum is measured again
         */
        record Following(long again) implements Phase {}
    }

    public ConcurrencyLimit(AdaptiveConcurrencySpec spec, Ticker ticker) {
        this.spec = spec;
        this.ticker = ticker;
        long now = ticker.nanoTime();
        limit = spec.least();
        updateAt = new AtomicLong(now + spec.update().toNanos());
        phase =
                new AtomicReference<>(
                        switch (spec.minimum()) {
                            case Minimum.Fixed(Duration latency) -> {
                                minimum = latency.toNanos();
                                yield new Phase.Following(Long.MAX_VALUE);
                            }
                            case Minimum.Measured measured ->
                                    new Phase.Measuring(now, spec.least(), measured.interval());
                        });
    }

    /** Requests that may be under way now. */
    public int limit() {
        return limit;
    }

    /**
     * Whether one more request may begin; each that may {@link #ended} or {@link #left} once.
     *
     * @param random of the next measurement's time
     */
    public boolean tryBegin(RandomGenerator random) {
        follow(ticker.nanoTime(), random);
        if (underWay.incrementAndGet() > limit) {
            underWay.decrementAndGet();
            return false;
        }
        return true;
    }

    /** A request got its whole answer. */
    public void ended(long began) {
        underWay.decrementAndGet();
        long now = ticker.nanoTime();
        switch (phase()) {
            case Phase.Following following -> window.add(now - began);
            case Phase.Measuring measuring -> {
                if (began - measuring.since() >= 0) {
                    window.add(now - began);
                    measured(measuring, now);
                }
            }
        }
    }

    /** A request ended without one: how long it took says nothing. */
    public void left() {
        underWay.decrementAndGet();
    }

    private Phase phase() {
        return Objects.requireNonNull(phase.get(), "never set to null");
    }

    private void measured(Phase.Measuring measuring, long now) {
        int wanted = spec.minimum() instanceof Minimum.Measured settings ? settings.requests() : 0;
        Phase next = new Phase.Following(now + measuring.pause().toNanos());
        if (window.count() >= wanted && phase.compareAndSet(measuring, next)) {
            minimum = window.end(spec.quantile());
            updateAt.set(now + spec.update().toNanos());
            limit = measuring.before();
        }
    }

    private void follow(long now, RandomGenerator random) {
        if (!(phase() instanceof Phase.Following following)) {
            return;
        }
        if (following.again() != Long.MAX_VALUE && now - following.again() >= 0) {
            measure(following, now, random);
            return;
        }
        long due = updateAt.get();
        boolean mine = now - due >= 0 && updateAt.compareAndSet(due, now + spec.update().toNanos());
        if (mine && window.count() > 0) {
            int before = limit;
            limit = next(before, window.end(spec.quantile()));
            boolean stays = before == spec.least() && limit == spec.least();
            int windows = stays ? windowsAtLeast.incrementAndGet() : 0;
            if (!stays) {
                windowsAtLeast.set(0);
            }
            if (windows >= AT_LEAST_WINDOWS) {
                measure(following, now, random);
            }
        }
    }

    private void measure(Phase.Following following, long now, RandomGenerator random) {
        if (!(spec.minimum() instanceof Minimum.Measured settings)) {
            return;
        }
        double longer = 1 + settings.jitter() * random.nextDouble();
        Duration pause = Duration.ofNanos((long) (settings.interval().toNanos() * longer));
        if (phase.compareAndSet(following, new Phase.Measuring(now, limit, pause))) {
            windowsAtLeast.set(0);
            limit = spec.least();
            window.end(spec.quantile());
        }
    }

    private int next(int before, long latency) {
        double allowed = minimum * (1 + spec.buffer());
        double gradient = Math.clamp(allowed / Math.max(1, latency), 0.5, 2.0);
        double wanted = before * gradient;
        return (int) Math.clamp(Math.floor(wanted + Math.sqrt(wanted)), spec.least(), spec.most());
    }
}
