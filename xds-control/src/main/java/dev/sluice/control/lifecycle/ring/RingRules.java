package dev.sluice.control.lifecycle.ring;

import dev.sluice.contract.Problem;
import dev.sluice.contract.RingPlanName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.RingPlan;
import dev.sluice.control.catalog.Rollout;
import dev.sluice.control.catalog.Rollout.State;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.spec.RingPlanSpec;
import dev.sluice.control.lifecycle.decision.Decision;
import dev.sluice.control.lifecycle.decision.Refusals;
import dev.sluice.control.lifecycle.gate.FleetReport;
import java.util.List;
import java.util.Optional;

/**
 * Decides about rings, and about structure on its way through them: the next ring gets it only when
 * every live node of the rings before has accepted it and none refused it. Immutable.
 */
public record RingRules(Catalog catalog, FleetReport fleet, CommandContext context) {
    public Decision decide(Command.OfRings command) {
        return switch (command) {
            case Command.CreateRingPlan(var spec) -> create(spec);
            case Command.UpdateRingPlan(var spec) -> update(spec);
            case Command.DeleteRingPlan(var name) -> delete(name);
            case Command.ConfirmRing(var name, int ring, long revision) ->
                    confirm(name, ring, revision);
            case Command.OfferRing(var name, int ring, long revision) ->
                    offer(name, ring, revision);
            case Command.HaltStructure halt -> halt(halt);
            case Command.ResumeStructure(var name) -> resume(name);
            case Command.AbortStructure(var name) -> abort(name);
        };
    }

    private Decision create(RingPlanSpec spec) {
        Refusals refusals = new Refusals();
        if (catalog.ringPlan(spec.name()).isPresent()) {
            refusals.exists(spec.name());
        } else {
            catalog.ringPlan()
                    .ifPresent(other ->
                            refusals.precondition(
                                    "name",
                                    "a second plan beside " + other.name(),
                                    "one plan, which every node has a place in",
                                    "change that one, or delete it first"));
        }
        new RingRanges(refusals).check(spec);
        return refusals.orElse(() -> List.of(new Event.RingPlanPut(spec)));
    }

    private Decision update(RingPlanSpec spec) {
        Refusals refusals = new Refusals();
        Optional<RingPlan> present = refusals.require(catalog.ringPlan(spec.name()), spec.name());
        present.ifPresent(plan -> refusals.checkEtag(plan, context));
        new RingRanges(refusals).check(spec);
        present.filter(plan -> !plan.rollout().isEven())
                .filter(plan -> !members(plan.spec()).equals(members(spec)))
                .ifPresent(plan -> refuseUneven("rings", plan, refusals));
        boolean same = present.filter(plan -> plan.spec().equals(spec)).isPresent();
        return refusals.orElse(() -> same ? List.of() : List.of(new Event.RingPlanPut(spec)));
    }

    private static List<?> members(RingPlanSpec spec) {
        return spec.rings().stream().map(ring -> List.of(ring.id(), ring.members())).toList();
    }

    private Decision delete(RingPlanName name) {
        Refusals refusals = new Refusals();
        Optional<RingPlan> present = refusals.require(catalog.ringPlan(name), name);
        present.ifPresent(plan -> refusals.checkEtag(plan, context));
        present.filter(plan -> plan.rollout().state() != State.COMPLETE)
                .ifPresent(plan -> refuseUneven("name", plan, refusals));
        return refusals.orElse(() -> List.of(new Event.RingPlanDeleted(name)));
    }

    private static void refuseUneven(String path, RingPlan plan, Refusals refusals) {
        refusals.precondition(
                path,
                plan.name() + " is " + plan.rollout().state() + ": " + plan.rollout().message(),
                "what is declared in every ring",
                "wait for the rings, resume, or declare what is right; else nodes would get what"
                        + " their ring was kept from");
    }

    /** Of a ring or revision that is not at work, nothing is new. */
    private Decision confirm(RingPlanName name, int ring, long revision) {
        Optional<RingPlan> plan =
                catalog.ringPlan(name)
                        .filter(found -> found.rollout().isAt(ring, revision))
                        .filter(found -> found.rollout().current().appliedTime().isEmpty());
        if (plan.isEmpty()) {
            return new Decision.Change(List.of());
        }
        Refusals refusals = new Refusals();
        refuseUnapplied(
                plan.get(), RingProgress.of(catalog, plan.get(), fleet).get(ring), refusals);
        return refusals.orElse(() -> List.of(new Event.StructureApplied(name, ring, revision)));
    }

    private Decision offer(RingPlanName name, int ring, long revision) {
        Optional<RingPlan> plan =
                catalog.ringPlan(name)
                        .filter(found -> found.rollout().isAt(ring - 1, revision))
                        .filter(found -> !found.rollout().isLast(ring - 1));
        if (plan.isEmpty()) {
            return new Decision.Change(List.of());
        }
        Refusals refusals = new Refusals();
        List<RingProgress> rings = RingProgress.of(catalog, plan.get(), fleet);
        rings.subList(0, ring).forEach(before -> refuseUnapplied(plan.get(), before, refusals));
        if (!rings.get(ring - 1).hasBaked(plan.get(), context.time())) {
            refusals.precondition(
                    "bake",
                    "ring " + plan.get().ringId(ring - 1) + " has not had it for long enough",
                    "the bake time of that ring",
                    "wait until then");
        }
        return refusals.orElse(() -> List.of(new Event.StructureOffered(name, ring, revision)));
    }

    private static void refuseUnapplied(RingPlan plan, RingProgress progress, Refusals refusals) {
        if (!progress.isApplied()) {
            refusals.precondition(
                    "ring",
                    "ring "
                            + plan.ringId(progress.ring())
                            + ": waiting for "
                            + progress.waiting()
                            + ", refused by "
                            + progress.refusing(),
                    "every live node of it has accepted it",
                    "wait for them, or forget the nodes that are gone for good");
        }
    }

    private Decision halt(Command.HaltStructure halt) {
        boolean isNews =
                catalog.ringPlan(halt.name())
                        .filter(plan -> plan.rollout().isAt(halt.ring(), halt.revision()))
                        .isPresent();
        return new Decision.Change(
                isNews
                        ? List.of(
                                new Event.StructureHalted(
                                        halt.name(),
                                        halt.ring(),
                                        halt.revision(),
                                        halt.troubles(),
                                        halt.message()))
                        : List.of());
    }

    private Decision resume(RingPlanName name) {
        Refusals refusals = new Refusals();
        asked(name, refusals)
                .filter(rollout -> rollout.state() != State.HALTED)
                .ifPresent(rollout ->
                        refusals.precondition(
                                "rollout.state",
                                rollout.state(),
                                "HALTED",
                                rollout.state() == State.ABORTED
                                        ? "declare what is right; that begins a new rollout"
                                        : "nothing is to be resumed"));
        return refusals.orElse(() -> List.of(new Event.StructureResumed(name)));
    }

    private Decision abort(RingPlanName name) {
        Refusals refusals = new Refusals();
        asked(name, refusals)
                .filter(rollout ->
                        rollout.state() != State.HALTED && rollout.state() != State.ROLLING)
                .ifPresent(rollout ->
                        refusals.precondition(
                                "rollout.state",
                                rollout.state(),
                                "ROLLING or HALTED",
                                "every ring has the same already"));
        return refusals.orElse(() -> List.of(new Event.StructureAborted(name)));
    }

    private Optional<Rollout> asked(RingPlanName name, Refusals refusals) {
        Optional<RingPlan> plan = refusals.require(catalog.ringPlan(name), name);
        plan.ifPresent(found -> refusals.checkEtag(found, context));
        if (context.reason().isEmpty()) {
            refusals.invalid(
                    "reason", Problem.quote(""), "1..1024 characters", "say why you decide so");
        }
        return plan.map(RingPlan::rollout);
    }
}
