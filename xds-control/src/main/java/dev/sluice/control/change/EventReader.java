package dev.sluice.control.change;

import dev.sluice.control.change.EventStore.Head;
import java.util.List;

/**
 * Port: committed events for those who look back, while the writer goes on. Calls block. Owned by
 * one thread at a time.
 */
public interface EventReader extends AutoCloseable {
    /**
     * Events from {@code firstSeq} on, ascending, at most {@code limit}; empty after the end.
     *
     * @throws StoreException when the log cannot be read or is damaged
     */
    List<LoggedEvent> read(long firstSeq, int limit);

    /**
     * Computes the hash of every event from the first to {@code upTo} again, without understanding
     * what they say.
     *
     * @throws StoreException when the log cannot be read, its chain is broken, or it has another
     *     event there; the message names the last good event
     */
    void verify(Head upTo);

    @Override
    void close();
}
