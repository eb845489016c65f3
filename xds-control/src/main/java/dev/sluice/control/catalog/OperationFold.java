package dev.sluice.control.catalog;

import dev.sluice.contract.OperationName;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.spec.OperationSpec;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What events make of operations: the newest {@link #MOST} are kept, and those that run. */
record OperationFold(PersistentMap<OperationName, Operation> operations, LoggedEvent by) {
    static final int MOST = 100;

    PersistentMap<OperationName, Operation> after(Event.OfOperation event) {
        return switch (event) {
            case Event.OperationBegun(var spec) -> begun(spec);
            case Event.OperationStepped(var name, int step) ->
                    changed(name, found -> found.stepped(step, found.meta().changed(by)));
            case Event.OperationEnded(var name, var outcome) ->
                    changed(name, found -> found.ended(outcome, found.meta().changed(by)));
        };
    }

    private PersistentMap<OperationName, Operation> begun(OperationSpec spec) {
        Operation operation =
                new Operation(
                        spec,
                        by.stamp().principal(),
                        by.stamp().reason(),
                        by.seq(),
                        0,
                        by.stamp().time(),
                        Optional.empty(),
                        Meta.created(by));
        PersistentMap<OperationName, Operation> kept =
                operations.size() < MOST
                        ? operations
                        : oldestEnded().map(operations::without).orElse(operations);
        return kept.with(spec.name(), operation);
    }

    private Optional<OperationName> oldestEnded() {
        return operations.values().stream()
                .filter(operation -> !operation.isRunning())
                .min(Comparator.comparingLong(Operation::begun))
                .map(Operation::name);
    }

    private PersistentMap<OperationName, Operation> changed(
            OperationName name, UnaryOperator<Operation> change) {
        return operations
                .get(name)
                .map(found -> operations.with(name, change.apply(found)))
                .orElse(operations);
    }
}
