package dev.sluice.control.orchestrate;

import dev.sluice.control.change.OperationOutcome;
import java.util.Optional;

/** A piece of work that one replica does by itself. Implementations are thread-safe. */
interface LongWork {
    /** Goes on, if it waits for something; waits for nothing itself. */
    void tick();

    /** Events done so far. */
    long progress();

    /** How it ended; empty while it goes on. */
    Optional<OperationOutcome> outcome();

    /** Does no more. */
    void stop();
}
