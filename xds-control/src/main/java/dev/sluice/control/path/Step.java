package dev.sluice.control.path;

import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Resource;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.Refusal;
import java.util.List;
import java.util.Optional;

/**
 * A command that was decided and not yet committed.
 *
 * @param events what it appends; empty when it changes nothing
 * @param after the state that the next command of the batch is decided on
 * @param onCommit gives the answer; to be called once, after the commit
 */
record Step(List<LoggedEvent> events, Catalog after, Runnable onCommit) {
    static Step accepted(
            Pending pending,
            List<LoggedEvent> events,
            Catalog after,
            Optional<Resource> resource) {
        Outcome outcome = new Outcome.Accepted(after, resource);
        return new Step(events, after, () -> pending.answer().complete(outcome));
    }

    static Step validated(Pending pending, Catalog before, Optional<Resource> resource) {
        Outcome outcome = new Outcome.Validated(resource);
        return new Step(List.of(), before, () -> pending.answer().complete(outcome));
    }

    static Step refused(Pending pending, Catalog before, List<Refusal> refusals) {
        Outcome outcome = new Outcome.Refused(refusals);
        return new Step(List.of(), before, () -> pending.answer().complete(outcome));
    }

    static Step failed(Pending pending, Catalog before, RuntimeException defect) {
        return new Step(
                List.of(), before, () -> pending.answer().completeExceptionally(defect));
    }

    void answer() {
        onCommit.run();
    }
}
