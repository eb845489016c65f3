package dev.sluice.chaos.probe;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Ends calls from outside: those that wait for their answer now, and those that begin later. It can
 * be made once and is never taken back. Thread-safe.
 */
public final class Cut {
    private final CompletableFuture<Void> made = new CompletableFuture<>();

    /** How waiting for an answer ended. */
    enum End {
        /** The answer is there, or it is known that there is none. */
        ANSWERED,
        /** Not in time. */
        LATE,
        /** By the cut. */
        CUT
    }

    /** A cut that nobody makes. */
    static Cut never() {
        return new Cut();
    }

    /** Ends them. */
    public void make() {
        made.complete(null);
    }

    /** Closes it when the cut is made, or at once when it was; whoever waits on it then fails. */
    public void closes(Closeable waiting) {
        var unused =
                made.thenRun(() -> {
                    try {
                        waiting.close();
                    } catch (IOException failed) {
                        throw new UncheckedIOException(failed);
                    }
                });
    }

    /** Whether it was made. */
    public boolean isMade() {
        return made.isDone();
    }

    /**
     * Waits for an answer.
     *
     * @param most how long
     */
    End await(CompletableFuture<?> answer, Duration most) throws InterruptedException {
        try {
            CompletableFuture.anyOf(answer, made).get(most.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException none) {
            return End.ANSWERED;
        } catch (TimeoutException late) {
            return End.LATE;
        }
        return answer.isDone() ? End.ANSWERED : End.CUT;
    }
}
