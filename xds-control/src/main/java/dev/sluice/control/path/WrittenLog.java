package dev.sluice.control.path;

import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.EventStore;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.StoreException;
import java.util.List;
import java.util.Optional;

/**
 * The log as the writer sees it: what it appended, what it is in doubt about, and the state that
 * follows. For the writer thread alone; blocks.
 */
final class WrittenLog {
    private static final int REPLAY_PAGE = 1_000;

    private final EventStore store;
    private boolean inDoubt;

    WrittenLog(EventStore store) {
        this.store = store;
    }

    long epoch() {
        return store.epoch();
    }

    /** As {@link EventStore#isOwn}. */
    boolean isOwn() {
        return store.isOwn();
    }

    /** Appends a batch; until the store says that it has it, whether it has is in doubt. */
    void append(List<LoggedEvent> events) {
        if (!events.isEmpty()) {
            inDoubt = true;
            store.append(events);
            inDoubt = false;
        }
    }

    /** Another may have appended; the log knows. */
    void doubt() {
        inDoubt = true;
    }

    /**
     * An append that failed may have reached the disk; the log knows.
     *
     * @return the state of the log, if it has more than was committed
     */
    Optional<Catalog> settle(Catalog committed) {
        if (!inDoubt) {
            return Optional.empty();
        }
        Catalog known = after(committed);
        inDoubt = false;
        return known.seq() > committed.seq() ? Optional.of(known) : Optional.empty();
    }

    /**
     * The state after all events that follow a state.
     *
     * @throws StoreException when the log cannot be read or its chain is broken
     */
    Catalog after(Catalog from) {
        Catalog catalog = from;
        while (true) {
            List<LoggedEvent> page = store.after(catalog.head(), REPLAY_PAGE);
            if (page.isEmpty()) {
                return catalog;
            }
            catalog = catalog.applyAll(page);
        }
    }

    void close() {
        store.close();
    }
}
