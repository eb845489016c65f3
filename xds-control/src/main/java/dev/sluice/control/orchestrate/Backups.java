package dev.sluice.control.orchestrate;

import dev.sluice.contract.OperationName;
import dev.sluice.control.change.OperationOutcome;

/** Port: where backups of the log are kept. Implementations are thread-safe. */
@FunctionalInterface
public interface Backups {
    /**
     * Writes one, of the name of an operation; one of that name that is there is written anew.
     * Blocks.
     *
     * @throws RuntimeException when it can't be written, or the log can't be read
     */
    OperationOutcome.BackedUp write(OperationName name);
}
