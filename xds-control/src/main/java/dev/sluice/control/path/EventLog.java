package dev.sluice.control.path;

import dev.sluice.control.change.LoggedEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Port: the committed events, for those who look back. Implementations are thread-safe. */
public interface EventLog {
    /**
     * Events from {@code firstSeq} on, ascending, at most {@code limit}; empty after the end. The
     * answer comes on the thread that reads the log, so what follows must be short or go elsewhere.
     */
    CompletableFuture<List<LoggedEvent>> read(long firstSeq, int limit);
}
