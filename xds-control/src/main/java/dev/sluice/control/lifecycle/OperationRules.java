package dev.sluice.control.lifecycle;

import dev.sluice.contract.OperationName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Operation;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Identity;
import dev.sluice.control.change.OperationOrder;
import dev.sluice.control.change.OperationOutcome;
import dev.sluice.control.change.OperationOutcome.Cause;
import dev.sluice.control.change.spec.OperationSpec;
import dev.sluice.control.change.spec.OperationSpec.RollBack;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.lifecycle.decision.Decision;
import dev.sluice.control.lifecycle.decision.Refusals;
import dev.sluice.control.lifecycle.gate.ShareRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides about operations. A rollback in steps asks before each step what a change of the share by
 * hand asks, and never pushes against others: where the share is not what its last step made it, it
 * ends and leaves it there. Immutable.
 */
record OperationRules(Catalog catalog, CommandContext context, ShareRules shares) {
    private static final int MOST_RUNNING = 50;

    Decision decide(OperationOrder order) {
        return switch (order) {
            case OperationOrder.Begin(var spec) -> begin(spec);
            case OperationOrder.Step(var name, int step) ->
                    running(name)
                            .filter(operation -> operation.steps() == step)
                            .map(this::step)
                            .orElse(nothing());
            case OperationOrder.End(var name, var outcome) ->
                    running(name).map(operation -> ended(operation, outcome)).orElse(nothing());
            case OperationOrder.Cancel(var name) -> cancel(name);
        };
    }

    private Decision begin(OperationSpec spec) {
        Refusals refusals = new Refusals();
        if (catalog.operation(spec.name()).isPresent()) {
            refusals.exists(spec.name());
        }
        List<Operation> running =
                catalog.operations().stream().filter(Operation::isRunning).toList();
        running.stream()
                .filter(other -> other.spec().isLike(spec.work()))
                .findFirst()
                .ifPresent(other ->
                        refusals.precondition(
                                "operation",
                                other.name() + " under way",
                                "one at a time",
                                "follow that one, or cancel it"));
        if (running.size() >= MOST_RUNNING) {
            refusals.precondition(
                    "operation",
                    MOST_RUNNING + " under way",
                    "fewer than that",
                    "wait for one to end, or cancel one");
        }
        Event begun = new Event.OperationBegun(spec);
        return spec.work() instanceof RollBack plan
                ? beginRollBack(spec.name(), plan, begun, refusals)
                : refusals.orElse(() -> List.of(begun));
    }

    /** It begins with its first step, or not at all. */
    private Decision beginRollBack(
            OperationName name, RollBack plan, Event begun, Refusals refusals) {
        PartsPerMillion first = plan.shares().getFirst();
        share(plan.target())
                .filter(now -> now.compareTo(first) < 0)
                .ifPresent(now ->
                        refusals.invalid(
                                "shares_ppm[0]",
                                first.value(),
                                "at most " + now.value() + ", the share in force",
                                "a rollback raises no share"));
        if (!refusals.isEmpty()) {
            return refusals.refused();
        }
        Decision back = shares.rollback(plan.target());
        Decision step =
                back instanceof Decision.Refused ? back : moved(plan, 0, shares, context.reason());
        return switch (step) {
            case Decision.Refused refused -> refused;
            case Decision.Change(var changes) -> {
                List<Event> events = new ArrayList<>(List.of(begun));
                events.addAll(changes);
                events.addAll(stepped(name, plan, 0));
                yield new Decision.Change(events);
            }
        };
    }

    private Decision step(Operation operation) {
        if (!(operation.spec().work() instanceof RollBack plan)) {
            return nothing();
        }
        int step = operation.steps();
        Optional<PartsPerMillion> now = share(plan.target());
        if (now.isEmpty()) {
            return failed(operation, Cause.ABORTED, plan.target().name() + " is gone");
        }
        if (!now.get().equals(plan.shares().get(step - 1))) {
            return failed(
                    operation,
                    Cause.ABORTED,
                    "the share is %s before step %d: somebody else moved it"
                            .formatted(now.get(), step + 1));
        }
        return switch (moved(plan, step, inTheNameOf(operation), operation.reason())) {
            case Decision.Change(var changes) -> {
                List<Event> events = new ArrayList<>(changes);
                events.addAll(stepped(operation.name(), plan, step));
                yield new Decision.Change(events);
            }
            case Decision.Refused(var refusals) ->
                    failed(
                            operation,
                            Cause.FAILED_PRECONDITION,
                            "interrupted before step %d: %s"
                                    .formatted(step + 1, refusals.getFirst().problem().message()));
        };
    }

    private Decision moved(RollBack plan, int step, ShareRules by, String reason) {
        PartsPerMillion share = plan.shares().get(step);
        CommandContext guarded =
                catalog.find(plan.target().name())
                        .map(target -> by.context().withEtag(target.meta().etag()))
                        .orElse(by.context())
                        .withReason(reason);
        var rules = new ShareRules(catalog, by.fleet(), guarded, by.epoch());
        return share.isNone() ? rules.rollback(plan.target()) : rules.set(plan.target(), share);
    }

    private ShareRules inTheNameOf(Operation operation) {
        CommandContext own = CommandContext.of(Identity.of(operation.actor()), context.time());
        return new ShareRules(catalog, shares.fleet(), own, shares.epoch());
    }

    private static List<Event> stepped(OperationName name, RollBack plan, int step) {
        Event stepped = new Event.OperationStepped(name, step);
        return step + 1 < plan.shares().size()
                ? List.of(stepped)
                : List.of(
                        stepped, new Event.OperationEnded(name, new OperationOutcome.RolledBack()));
    }

    private Decision cancel(OperationName name) {
        Refusals refusals = new Refusals();
        refusals.require(catalog.operation(name), name);
        return refusals.isEmpty()
                ? running(name)
                        .map(operation ->
                                failed(
                                        operation,
                                        Cause.CANCELLED,
                                        "cancelled by " + context.principal().name()))
                        .orElse(nothing())
                : refusals.refused();
    }

    private Optional<Operation> running(OperationName name) {
        return catalog.operation(name).filter(Operation::isRunning);
    }

    private Optional<PartsPerMillion> share(ShareTarget target) {
        return GateState.share(catalog.gatesOf(target));
    }

    private static Decision failed(Operation operation, Cause cause, String message) {
        return ended(operation, new OperationOutcome.Failed(cause, message));
    }

    private static Decision ended(Operation operation, OperationOutcome outcome) {
        return new Decision.Change(List.of(new Event.OperationEnded(operation.name(), outcome)));
    }

    /** What is over, or done already, is nothing new. */
    private static Decision nothing() {
        return new Decision.Change(List.of());
    }
}
