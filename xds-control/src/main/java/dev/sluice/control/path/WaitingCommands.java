package dev.sluice.control.path;

import dev.sluice.contract.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Predicate;

/**
 * Commands that wait for the writer: at most {@value #LONGEST_QUEUE} new ones, and kills that are
 * out and could not be recorded, each once however often it was ordered. Thread-safe, but for what
 * is late, which is the writer's own.
 */
final class WaitingCommands {
    private static final int LONGEST_QUEUE = 10_000;
    private static final int LARGEST_BATCH = 256;

    private final Queue<Pending> queue = new ArrayBlockingQueue<>(LONGEST_QUEUE);
    private final List<Pending> late = new ArrayList<>();

    /** Whether there was room for it. */
    boolean offer(Pending pending) {
        return queue.offer(pending);
    }

    /** A kill that is out and could not be recorded; it comes first in the next batch. */
    void addLate(Pending kill) {
        if (late.stream().noneMatch(kept -> kept.covers(kill))) {
            late.add(kill.later());
        }
    }

    /** Kills that are out and could not be recorded. */
    List<Pending> late() {
        return List.copyOf(late);
    }

    /** Drops what another has recorded. */
    void forgetLate(Predicate<Pending> recorded) {
        late.removeIf(recorded);
    }

    /** The next batch, in order; empty when nothing waits. */
    List<Pending> take() {
        List<Pending> batch = new ArrayList<>(late);
        late.clear();
        for (Pending next; batch.size() < LARGEST_BATCH && (next = queue.poll()) != null; ) {
            batch.add(next);
        }
        return batch;
    }

    /** Whether no new command waits. */
    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** What is wrong when there was no room. */
    static Problem tooMany() {
        return new Problem(
                "",
                LONGEST_QUEUE + " commands waiting",
                "a store that keeps up",
                "try again later, and look at the disk of the control plane");
    }
}
