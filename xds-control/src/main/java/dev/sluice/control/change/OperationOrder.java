package dev.sluice.control.change;

import dev.sluice.contract.OperationName;
import dev.sluice.control.change.spec.OperationSpec;

/** What is asked of operations. Immutable. */
public sealed interface OperationOrder {
    OperationName name();

    /** One at a time does the same to the same; the reason is required where keys move. */
    record Begin(OperationSpec operation) implements OperationOrder {
        @Override
        public OperationName name() {
            return operation.name();
        }
    }

    /**
     * The orchestrator puts the next share in force.
     *
     * @param step its index, which keeps it from being done twice
     */
    record Step(OperationName name, int step) implements OperationOrder {}

    /** The orchestrator saw it end. */
    record End(OperationName name, OperationOutcome outcome) implements OperationOrder {}

    /** A person's order to do no more of it. */
    record Cancel(OperationName name) implements OperationOrder {}
}
