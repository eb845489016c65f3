package dev.sluice.proxy.process;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** A wall clock that can be put forward and back. Thread-safe. */
public final class SteppedClock extends Clock {
    private final Clock right;
    private final AtomicReference<Duration> step;

    /** Right until it is stepped. */
    public SteppedClock(Clock right) {
        this(right, new AtomicReference<>(Duration.ZERO));
    }

    private SteppedClock(Clock right, AtomicReference<Duration> step) {
        this.right = right;
        this.step = step;
    }

    /** From now on it is off by so much. */
    Harm step(Duration by) {
        step.set(by);
        return new Harm() {
            @Override
            public void end() {
                step.set(Duration.ZERO);
            }

            @Override
            public long injected() {
                return 1;
            }
        };
    }

    /** What a right clock shows. */
    Instant rightInstant() {
        return right.instant();
    }

    @Override
    public Instant instant() {
        return right.instant().plus(Objects.requireNonNull(step.get()));
    }

    @Override
    public ZoneId getZone() {
        return right.getZone();
    }

    /** Stepped together with this one. */
    @Override
    public Clock withZone(ZoneId zone) {
        return new SteppedClock(right.withZone(zone), step);
    }
}
