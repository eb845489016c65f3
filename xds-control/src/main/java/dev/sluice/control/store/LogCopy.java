package dev.sluice.control.store;

import dev.sluice.control.change.LoggedEvent;
import java.util.List;

/** A log that is put somewhere else: read once, from its first event to its last. */
public interface LogCopy {
    /** The epoch that the log was in; new events after a copy bear a later one. */
    long epoch();

    /** The next events, ascending; empty after the end. */
    List<LoggedEvent> next();
}
