package dev.sluice.control.lifecycle.ramp;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.RampName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Ramp;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Event.GatesRevised.Action;
import dev.sluice.control.change.RampState;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.Verdict;
import dev.sluice.control.lifecycle.decision.Decision;
import dev.sluice.control.lifecycle.decision.Ranges;
import dev.sluice.control.lifecycle.decision.Refusals;
import dev.sluice.control.lifecycle.gate.Prerequisites;
import dev.sluice.control.lifecycle.gate.ShareRules;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Decides about ramps. Each move of a ramp names the step that it leaves or speaks of, so that one
 * given twice, or after a restart, is refused instead of done twice. Immutable.
 */
public record RampRules(
        Catalog catalog, CommandContext context, ShareRules shares, Set<StepGuard> guards) {
    /** Under every guard. */
    public RampRules(Catalog catalog, CommandContext context, ShareRules shares) {
        this(catalog, context, shares, EnumSet.allOf(StepGuard.class));
    }

    public Decision pause(RampName name) {
        return onActive(
                name,
                (ramp, refusals) -> {},
                ramp ->
                        ramp.state() == RampState.PAUSED
                                ? List.of()
                                : moved(ramp, RampState.PAUSED, because("paused")));
    }

    public Decision resume(RampName name) {
        return onActive(
                name,
                (ramp, refusals) -> {
                    if (ramp.state() != RampState.RUNNING) {
                        refuseRaise(ramp, refusals);
                        refuseReset(ramp, refusals);
                    }
                },
                this::resumed);
    }

    /** A person's advance; DEGRADED has the last word. */
    public Decision advance(RampName name) {
        return onActive(
                name,
                (ramp, refusals) -> {
                    refusals.requireEtag(ramp, context);
                    if (ramp.state() == RampState.PAUSED) {
                        refusals.precondition(
                                "state", "PAUSED", "RUNNING or waiting", "resume the ramp first");
                    }
                    refuseUnapplied(ramp, refusals);
                    refuseDegraded(ramp, refusals);
                    refuseRaise(ramp, refusals);
                    refuseFrozen(ramp, refusals);
                },
                this::onward);
    }

    /** The orchestrator's advance, as the plan says and no sooner. */
    public Decision step(RampName name, int from) {
        return onActive(
                name,
                (ramp, refusals) -> {
                    refuseOtherStep(ramp, from, refusals);
                    refuseStep(ramp, refusals);
                    guards.forEach(guard -> guard.check(catalog, ramp, context.time(), refusals));
                },
                this::onward);
    }

    /** What stands against the next step besides what its plan asks of the step in force. */
    public List<Refusal> blockers(Ramp ramp) {
        Refusals refusals = new Refusals();
        refuseStep(ramp, refusals);
        return refusals.all();
    }

    public Decision abort(RampName name) {
        return onActive(
                name,
                (ramp, refusals) -> {
                    new Ranges(refusals).text("reason", context.reason(), 1, 1_024);
                    shares.guards().refuseBack(catalog.gatesOf(ramp.spec().target()), refusals);
                },
                ramp -> shares.takenBack(ramp.spec().target(), because("aborted")));
    }

    public Decision takeBack(RampName name, String message) {
        return onActive(name, (ramp, refusals) -> {}, ramp -> takenBackOrHeld(ramp, message));
    }

    public Decision confirm(RampName name, int step) {
        return onActive(
                name,
                (ramp, refusals) -> {
                    refuseOtherStep(ramp, step, refusals);
                    refuseShort(ramp, refusals);
                    for (GateState gate : catalog.gatesOf(ramp.spec().target())) {
                        shares.guards().refuseLagging("step", gate, gate.presentEntry(), refusals);
                        shares.guards().writes().refuseMoving("step", gate, refusals);
                    }
                },
                ramp ->
                        ramp.stepAppliedTime().isPresent()
                                ? List.of()
                                : List.of(new Event.RampStepApplied(name, step)));
    }

    public Decision judge(RampName name, Verdict verdict) {
        return onActive(
                name,
                (ramp, refusals) -> refuseOtherStep(ramp, verdict.step(), refusals),
                ramp -> {
                    List<Event> events = new ArrayList<>();
                    events.add(new Event.RampJudged(name, verdict));
                    if (verdict.outcome() == Verdict.Outcome.DEGRADED) {
                        events.addAll(takenBackOrHeld(ramp, verdict.explanation()));
                    }
                    return events;
                });
    }

    public Decision hold(RampName name, int step, String message) {
        return onActive(
                name,
                (ramp, refusals) -> refuseOtherStep(ramp, step, refusals),
                ramp ->
                        ramp.state() == RampState.RUNNING
                                ? moved(ramp, RampState.WAITING_FOR_APPROVAL, message)
                                : List.of());
    }

    private interface Check {
        void on(Ramp ramp, Refusals refusals);
    }

    private Decision onActive(RampName name, Check check, Function<Ramp, List<Event>> events) {
        Refusals refusals = new Refusals();
        Optional<Ramp> found = refusals.require(catalog.ramp(name), name);
        if (found.isEmpty()) {
            return refusals.refused();
        }
        Ramp ramp = found.get();
        refusals.checkEtag(ramp, context);
        if (ramp.state().isActive()) {
            check.on(ramp, refusals);
        } else {
            refusals.precondition(
                    "state", ramp.state(), "a ramp that has not ended", "create another ramp");
        }
        return refusals.orElse(() -> events.apply(ramp));
    }

    private List<Event> onward(Ramp ramp) {
        if (ramp.isLastStep()) {
            return moved(ramp, RampState.SUCCEEDED, "all steps done");
        }
        int next = ramp.step() + 1;
        PartsPerMillion share = ramp.spec().steps().get(next).share();
        List<Event> events = new ArrayList<>();
        events.add(new Event.RampStepped(ramp.name(), next));
        events.addAll(
                shares.revise(catalog.gatesOf(ramp.spec().target()), share, Action.SHARE_SET));
        return events;
    }

    /** Runs again; where the share was changed meanwhile, the step begins anew. */
    private List<Event> resumed(Ramp ramp) {
        if (ramp.state() == RampState.RUNNING) {
            return List.of();
        }
        List<Event> events = new ArrayList<>(moved(ramp, RampState.RUNNING, because("resumed")));
        List<Event> reset =
                shares.revise(
                        catalog.gatesOf(ramp.spec().target()),
                        ramp.currentStep().share(),
                        Action.SHARE_SET);
        if (!reset.isEmpty()) {
            events.add(new Event.RampStepped(ramp.name(), ramp.step()));
            events.addAll(reset);
        }
        return events;
    }

    /** Where there is no way back, a person is asked. */
    private List<Event> takenBackOrHeld(Ramp ramp, String message) {
        Refusals against = new Refusals();
        shares.guards().refuseBack(catalog.gatesOf(ramp.spec().target()), against);
        if (against.isEmpty()) {
            return shares.takenBack(ramp.spec().target(), message);
        }
        return ramp.state() == RampState.WAITING_FOR_APPROVAL
                ? List.of()
                : moved(
                        ramp,
                        RampState.WAITING_FOR_APPROVAL,
                        message
                                + "; not taken back: "
                                + against.all().getFirst().problem().message());
    }

    private void refuseStep(Ramp ramp, Refusals refusals) {
        if (ramp.state() != RampState.RUNNING) {
            refusals.precondition("state", ramp.state(), "RUNNING", "wait until it is resumed");
        }
        refuseUnapplied(ramp, refusals);
        refuseDegraded(ramp, refusals);
        refuseRaise(ramp, refusals);
        refuseFrozen(ramp, refusals);
    }

    /** In a freeze it stays where it is, and may end there. */
    private void refuseFrozen(Ramp ramp, Refusals refusals) {
        if (!ramp.isLastStep()) {
            catalog.gatesOf(ramp.spec().target())
                    .forEach(gate -> shares.guards().refuseFrozen("target", gate, refusals));
        }
    }

    /**
     * A share that was lowered meanwhile does not come back in a freeze, nor with writes unheld.
     */
    private void refuseReset(Ramp ramp, Refusals refusals) {
        catalog.gatesOf(ramp.spec().target()).stream()
                .filter(gate -> ShareRules.raises(gate, ramp.currentStep().share()))
                .forEach(gate -> {
                    shares.guards().refuseFrozen("target", gate, refusals);
                    if (ramp.isLastStep()) { // else the next step asks the same
                        shares.guards().writes().refuseUnheld("target", gate, refusals);
                    }
                });
    }

    /** A ramp goes up under the same conditions as a person's raise. */
    private void refuseRaise(Ramp ramp, Refusals refusals) {
        List<GateState> gates = catalog.gatesOf(ramp.spec().target());
        gates.forEach(gate -> shares.guards().refuseRaise("target", gate, refusals));
        if (!ramp.isLastStep()) {
            PartsPerMillion next = ramp.spec().steps().get(ramp.step() + 1).share();
            gates.forEach(gate -> shares.guards().writes().refuseUnheld("target", gate, refusals));
            Prerequisites.refuse(catalog, "target", gates, next, refusals);
            if (next.isAll()) {
                new BaselineFit(catalog, context.time())
                        .refuseUnfit(ramp.spec().judge(), ramp.spec().target(), refusals);
            }
        }
    }

    private static void refuseOtherStep(Ramp ramp, int step, Refusals refusals) {
        if (ramp.step() != step) {
            refusals.precondition(
                    "step", step, "the step in force, " + ramp.step(), "read the ramp again");
        }
    }

    /** Its raise may have come to nothing, and then the step is not in force. */
    private void refuseShort(Ramp ramp, Refusals refusals) {
        PartsPerMillion share = ramp.currentStep().share();
        catalog.gatesOf(ramp.spec().target()).stream()
                .map(gate -> gate.content().share())
                .filter(now -> now.compareTo(share) < 0)
                .findFirst()
                .ifPresent(now ->
                        refusals.precondition(
                                "step",
                                "step " + ramp.step() + " at " + now,
                                share + ", as it says",
                                "resume the ramp, and the step begins anew"));
    }

    private static void refuseUnapplied(Ramp ramp, Refusals refusals) {
        if (ramp.stepAppliedTime().isEmpty()) {
            refusals.precondition(
                    "step",
                    "step " + ramp.step() + " is not applied everywhere",
                    "every live node reports it applied",
                    "wait, or forget the nodes that are gone for good");
        }
    }

    private static void refuseDegraded(Ramp ramp, Refusals refusals) {
        if (ramp.verdict().filter(v -> v.outcome() == Verdict.Outcome.DEGRADED).isPresent()) {
            refusals.precondition(
                    "verdict",
                    "DEGRADED",
                    "any other verdict",
                    "abort the ramp and find the cause");
        }
    }

    private static List<Event> moved(Ramp ramp, RampState state, String message) {
        return List.of(ShareRules.moved(ramp, state, message));
    }

    private String because(String what) {
        String by = what + " by " + context.principal().name();
        return context.reason().isEmpty() ? by : by + ": " + context.reason();
    }
}
