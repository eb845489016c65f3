package dev.sluice.chaos.load;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/**
 * Sends each request at its intended time, whether earlier ones were answered or not (an open
 * loop), so that a slow target gets as many requests as a fast one. Used once, by one thread.
 */
public final class Generator {
    private final Sender sender;
    private final Pace pace;
    private final Semaphore room;

    /**
     * @param mostUnderWay requests under way at once
     */
    public Generator(Sender sender, Pace pace, int mostUnderWay) {
        this.sender = sender;
        this.pace = pace;
        this.room = new Semaphore(mostUnderWay);
    }

    /** Sends a request. Any thread may complete the answer, which never completes with an error. */
    @FunctionalInterface
    public interface Sender {
        CompletableFuture<Answer> send(Planned planned);
    }

    /** The generator's time. */
    public interface Pace extends InstantSource {
        /** Nanoseconds on a clock that never goes back. */
        long nanos();

        /**
         * Lets time pass.
         *
         * @return whether the load goes on; false when it was ended from outside
         */
        boolean pause(Duration duration);
    }

    /**
     * Sends all of the plan and waits for all answers. When the load is ended from outside, the
     * ledger lacks the requests that were not yet due, and counts as planned those that were.
     */
    public Ledger run(List<Planned> plan) {
        Instant began = pace.instant();
        long start = pace.nanos();
        List<Entry> entries = new ArrayList<>();
        List<CompletableFuture<Entry>> underWay = new ArrayList<>();
        for (Planned planned : plan) {
            long early = planned.intended() - (pace.nanos() - start);
            if (early > 0 && !pace.pause(Duration.ofNanos(early))) {
                break;
            }
            long sent = pace.nanos() - start;
            if (room.tryAcquire()) {
                underWay.add(
                        sender.send(planned)
                                .thenApply(answer -> {
                                    room.release();
                                    return new Entry(planned, sent, pace.nanos() - start, answer);
                                }));
            } else {
                entries.add(new Entry(planned, sent, sent, new Answer.NotSent()));
            }
        }
        Ledger ledger = new Ledger(began, entries.size() + underWay.size());
        entries.forEach(ledger::add);
        underWay.forEach(one -> ledger.add(one.join()));
        return ledger;
    }
}
