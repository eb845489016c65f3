package dev.sluice.proxy.filter;

import dev.sluice.proxy.snapshot.filter.LocalRateLimitSpec.Bucket;
import io.netty.util.concurrent.Ticker;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Tokens that come in fills and are taken one by one. Thread-safe, without a lock: its state is one
 * reference.
 */
final class TokenBucket {
    private final Bucket spec;
    private final Ticker ticker;
    private final AtomicReference<State> state;

    /**
     * @param tokens left
     * @param filledAt when the last fill came, by the ticker
     */
    private record State(long tokens, long filledAt) {}

    /** What became of an attempt to take a token. */
    sealed interface Take {
        /** Tokens left afterwards. */
        long left();

        record Taken(long left) implements Take {}

        record Empty() implements Take {
            @Override
            public long left() {
                return 0;
            }
        }
    }

    TokenBucket(Bucket spec, Ticker ticker) {
        this.spec = spec;
        this.ticker = ticker;
        state = new AtomicReference<>(new State(spec.most(), ticker.nanoTime()));
    }

    Take take() {
        while (true) {
            State before = state();
            State now = filled(before, ticker.nanoTime());
            if (now.tokens() == 0) {
                return new Take.Empty();
            }
            State after = new State(now.tokens() - 1, now.filledAt());
            if (state.compareAndSet(before, after)) {
                return new Take.Taken(after.tokens());
            }
        }
    }

    /** Nanoseconds until the next fill. */
    long untilFill() {
        long since = ticker.nanoTime() - state().filledAt();
        long interval = spec.interval().toNanos();
        return interval - Math.floorMod(since, interval);
    }

    /** Tokens of a full bucket. */
    long most() {
        return spec.most();
    }

    private State state() {
        return Objects.requireNonNull(state.get(), "never set to null");
    }

    private State filled(State before, long now) {
        long interval = spec.interval().toNanos();
        long fills = (now - before.filledAt()) / interval;
        if (fills <= 0) {
            return before;
        }
        long room = spec.most() - before.tokens();
        long wanted = (room + spec.perFill() - 1) / spec.perFill();
        long tokens = fills >= wanted ? spec.most() : before.tokens() + fills * spec.perFill();
        return new State(tokens, before.filledAt() + fills * interval);
    }
}
