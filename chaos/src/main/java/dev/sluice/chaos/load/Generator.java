package dev.sluice.chaos.load;

import dev.sluice.chaos.experiment.Waits;
import java.time.Duration;
import java.time.Instant;
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
    private final Waits waits;
    private final Semaphore room;

    /**
     * @param mostUnderWay requests under way at once
     */
    public Generator(Sender sender, Waits waits, int mostUnderWay) {
        this.sender = sender;
        this.waits = waits;
        this.room = new Semaphore(mostUnderWay);
    }

    /** Sends a request. Any thread may complete the answer, which never completes with an error. */
    @FunctionalInterface
    public interface Sender {
        CompletableFuture<Answer> send(Planned planned);
    }

    /**
     * Sends all of the plan and waits for all answers. When the load is ended from outside, the
     * ledger lacks the requests that were not yet due, and counts as planned those that were.
     */
    public Ledger run(List<Planned> plan) {
        Instant began = waits.instant();
        long start = waits.nanos();
        List<Entry> entries = new ArrayList<>();
        List<CompletableFuture<Entry>> underWay = new ArrayList<>();
        for (Planned planned : plan) {
            long early = planned.intended() - (waits.nanos() - start);
            if (early > 0 && !waits.pause(Duration.ofNanos(early))) {
                break;
            }
            long sent = waits.nanos() - start;
            if (room.tryAcquire()) {
                underWay.add(
                        sender.send(planned)
                                .thenApply(answer -> {
                                    room.release();
                                    return new Entry(planned, sent, waits.nanos() - start, answer);
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
