package dev.sluice.control.checkpoint;

import dev.sluice.control.audit.Checkpoint;
import dev.sluice.control.change.EventStore.Head;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs the end of the log again and again, and puts it where it can't be reached from the store:
 * at once when it begins to lead, then at most once in an interval, and only when events have come.
 * What is signed is the end of what this process has read and written, so a log that is written
 * anew beneath it differs from its checkpoint.
 *
 * <p>Each place has its own pace: one that fails is tried again after a minute, or after the
 * interval when that is shorter, and holds up no other. Thread-safe.
 */
public final class Checkpoints {
    private static final Duration RETRY = Duration.ofMinutes(1);
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);

    private final List<Keeping> places;
    private final PrivateKey key;
    private final Duration every;
    private final InstantSource clock;
    private final Executor executor;

    /**
     * @param key of Ed25519
     * @param every at most one checkpoint in this time
     * @param executor waits for places
     */
    public Checkpoints(
            List<CheckpointPlace> places,
            PrivateKey key,
            Duration every,
            InstantSource clock,
            Executor executor) {
        this.places = places.stream().map(Keeping::new).toList();
        this.key = key;
        this.every = every;
        this.clock = clock;
        this.executor = executor;
    }

    /** To be called again and again by the replica that leads. Waits for nothing. */
    public void tick(Head end) {
        places.forEach(place -> place.tick(end, clock.instant()));
    }

    /** How each place stands. */
    public List<CheckpointState> states() {
        return places.stream().map(Keeping::state).toList();
    }

    private Checkpoint signed(Head end, Instant time) {
        try {
            return Checkpoint.sign(end, time, key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the key was good when it was read", e);
        }
    }

    /** One place. Thread-safe by its lock. */
    private final class Keeping {
        private final CheckpointPlace place;
        private Head kept = Head.EMPTY;
        private Optional<Instant> tried = Optional.empty();
        private Optional<String> failure = Optional.empty();
        private long failures;
        private boolean busy;

        Keeping(CheckpointPlace place) {
            this.place = place;
        }

        synchronized void tick(Head end, Instant now) {
            if (busy || end.seq() == 0 || end.equals(kept) || !isDue(now)) {
                return;
            }
            busy = true;
            tried = Optional.of(now);
            executor.execute(() -> put(end, now));
        }

        synchronized CheckpointState state() {
            return new CheckpointState(place.kind(), kept.seq(), failures, failure);
        }

        /** A clock that was set back makes it due too, or it would wait until it has caught up. */
        private boolean isDue(Instant now) {
            Duration pause = failure.isPresent() && every.compareTo(RETRY) > 0 ? RETRY : every;
            return tried.filter(last -> !now.isBefore(last) && now.isBefore(last.plus(pause)))
                    .isEmpty();
        }

        private void put(Head end, Instant now) {
            try {
                place.put(signed(end, now));
                ended(end, Optional.empty());
            } catch (IOException e) {
                ended(end, Optional.of(String.valueOf(e.getMessage())));
            } catch (RuntimeException e) {
                ended(end, Optional.of(e.toString()));
                throw e;
            }
        }

        private synchronized void ended(Head end, Optional<String> why) {
            busy = false;
            failure = why;
            if (why.isEmpty()) {
                kept = end;
                return;
            }
            failures++;
            LOG.warn("no checkpoint of event {} in its {}: {}", end.seq(), place.kind(), why.get());
        }
    }
}
