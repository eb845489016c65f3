package dev.sluice.control.path;

import dev.sluice.contract.Problem;
import dev.sluice.control.audit.HashChain;
import dev.sluice.control.catalog.AnsweredRequest;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Resource;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.CommandContext.Validation;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.Stamp;
import dev.sluice.control.change.codec.EventCodec;
import dev.sluice.control.lifecycle.Lifecycle;
import java.util.ArrayList;
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
            Pending pending, List<LoggedEvent> events, Catalog after, Optional<Resource> resource) {
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
        return new Step(List.of(), before, () -> pending.answer().completeExceptionally(defect));
    }

    /** A request that was answered before: the same again, or a refusal of another under its id. */
    static Step replayed(Pending pending, Catalog before, AnsweredRequest answered) {
        if (answered.command().equals(EventCodec.digest(pending.command()))) {
            return accepted(pending, List.of(), before, answered.resource());
        }
        Refusal other =
                Refusal.of(
                        Refusal.Kind.INVALID,
                        "request_id",
                        Problem.quote(pending.context().requestId().orElse("")),
                        "an id that no other command of the last 24 h has",
                        "give each command a new UUID");
        return refused(pending, before, List.of(other));
    }

    /**
     * A command that is allowed, with its events linked to the log.
     *
     * @param epoch that the events are written under
     */
    static Step changed(Pending pending, Catalog before, List<Event> decided, long epoch) {
        Stamp stamp = stamp(pending);
        List<Event> events = new ArrayList<>(decided);
        if (pending.lateness() == Pending.Lateness.LATE && !decided.isEmpty()) {
            events.addFirst(
                    new Event.KillPublished(
                            List.copyOf(pending.published().keySet()), stamp.time()));
        }
        List<LoggedEvent> logged = new ArrayList<>(events.size());
        Catalog after = before;
        for (Event event : events) {
            LoggedEvent linked = HashChain.link(after.head(), epoch, stamp, event);
            logged.add(linked);
            after = after.apply(linked);
        }
        Optional<Resource> resource = after.find(stamp.subject()).map(found -> (Resource) found);
        return pending.context().validation() == Validation.ONLY
                ? validated(pending, before, resource)
                : accepted(pending, logged, after, resource);
    }

    private static Stamp stamp(Pending pending) {
        CommandContext context = pending.context();
        return new Stamp(
                context.time(),
                context.principal(),
                context.requestId(),
                EventCodec.digest(pending.command()),
                Lifecycle.subject(pending.command()),
                context.reason());
    }

    void answer() {
        onCommit.run();
    }
}
