package dev.sluice.control.path;

import dev.sluice.control.change.EventReader;
import dev.sluice.control.change.LoggedEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * The log as those see it who look back: read on a thread of its own, so that no search holds up a
 * command. Thread-safe.
 */
public final class ReadLog implements EventLog, AutoCloseable {
    private final EventReader reader;
    private final Executor executor;

    /**
     * @param executor runs one task at a time, in order; the reader is called on it alone
     */
    public ReadLog(EventReader reader, Executor executor) {
        this.reader = reader;
        this.executor = executor;
    }

    @Override
    public CompletableFuture<List<LoggedEvent>> read(long firstSeq, int limit) {
        return CompletableFuture.supplyAsync(() -> reader.read(firstSeq, limit), executor);
    }

    /** Closes the reader after what was asked before. */
    @Override
    public void close() {
        executor.execute(reader::close);
    }
}
