package dev.sluice.control.audit;

import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.EventStore.Head;
import dev.sluice.control.change.LoggedEvent;
import java.util.List;

/**
 * Makes the state of a log again, event by event, to tell what each one changed. Owned by one run.
 */
public final class Replay {
    private Catalog at;

    /**
     * @param from the state before the first event that is read
     */
    public Replay(Catalog from) {
        this.at = from;
    }

    /**
     * What the next event changed.
     *
     * @throws IllegalArgumentException when it does not follow the one before
     */
    public List<ChangedResource> changes(LoggedEvent event) {
        Catalog before = at;
        read(event);
        return ChangedResource.between(before, at);
    }

    /**
     * Reads the next event without looking at what it changed.
     *
     * @throws IllegalArgumentException when it does not follow the one before
     */
    public void read(LoggedEvent event) {
        at = at.apply(event);
    }

    /** The state after what was read. */
    public Catalog state() {
        return at;
    }

    /** Whether an event is the next one. */
    public boolean isNext(LoggedEvent event) {
        Head head = at.head();
        return event.seq() == head.seq() + 1 && event.previous().equals(head.hash());
    }
}
