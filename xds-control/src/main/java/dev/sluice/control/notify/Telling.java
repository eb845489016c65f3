package dev.sluice.control.notify;

import dev.sluice.control.change.Command;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.spec.SinkSpec;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** What an outbox needs of the world. Implementations are thread-safe. */
interface Telling {
    /** Events from a place on, ascending; the answer comes on the writer's thread. */
    CompletableFuture<List<LoggedEvent>> read(long firstSeq, int limit);

    /** One attempt; blocks. */
    Receipt send(SinkSpec to, News news);

    /** Gives a command, and does not wait for what becomes of it. */
    void give(Command command);

    Backoff backoff();

    Instant now();

    /** Runs what may block, or what follows it. */
    Executor executor();
}
