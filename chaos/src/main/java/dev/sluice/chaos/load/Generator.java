package dev.sluice.chaos.load;

import dev.sluice.chaos.experiment.Waits;
import java.time.Duration;
import java.time.Instant;
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
    private final int mostUnderWay;
    private final Semaphore room;

    /**
     * @param mostUnderWay requests under way at once
     */
    public Generator(Sender sender, Waits waits, int mostUnderWay) {
        this.sender = sender;
        this.waits = waits;
        this.mostUnderWay = mostUnderWay;
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
        Ledger ledger = new Ledger(began, plan.size());
        long due = 0;
        for (Planned planned : plan) {
            long early = planned.intended() - (waits.nanos() - start);
            if (early > 0 && !waits.pause(Duration.ofNanos(early))) {
                break;
            }
            due++;
            long sent = waits.nanos() - start;
            if (room.tryAcquire()) {
                CompletableFuture<Void> unused =
                        sender.send(planned)
                                .thenAccept(answer -> {
                                    long ended = waits.nanos() - start;
                                    ledger.add(new Entry(planned, sent, ended, answer));
                                    room.release();
                                });
            } else {
                ledger.add(new Entry(planned, sent, sent, new Answer.NotSent()));
            }
        }
        room.acquireUninterruptibly(mostUnderWay);
        return ledger.asPlanned(due);
    }
}
