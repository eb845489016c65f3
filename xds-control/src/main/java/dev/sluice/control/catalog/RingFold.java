package dev.sluice.control.catalog;

import dev.sluice.contract.RingPlanName;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.spec.RingPlanSpec;

/**
 * What events make of the plan of rings.
 *
 * @param declared what is declared of structure before the event
 */
record RingFold(
        PersistentMap<RingPlanName, RingPlan> plans, StructureMaps declared, LoggedEvent by) {
    PersistentMap<RingPlanName, RingPlan> after(Event.OfRings event) {
        return switch (event) {
            case Event.RingPlanPut(var spec) -> put(spec);
            case Event.RingPlanDeleted(var name) -> plans.without(name);
            case Event.StructureRevised(var name) ->
                    change(name, plan -> plan.rollout().revised(declared, plan.ringId(0), by));
            case Event.StructureOffered(var name, int ring, _) ->
                    change(name, plan -> plan.rollout().offered(ring, plan.ringId(ring), by));
            case Event.StructureApplied(var name, int ring, _) ->
                    change(name, plan -> plan.rollout().applied(ring, plan.ringId(ring), by));
            case Event.StructureHalted halted ->
                    change(
                            halted.name(),
                            plan -> plan.rollout().halted(halted.message(), halted.troubles(), by));
            case Event.StructureResumed(var name) ->
                    change(
                            name,
                            plan -> plan.rollout().resumed(plan.ringId(plan.rollout().ring()), by));
            case Event.StructureAborted(var name) ->
                    change(name, plan -> plan.rollout().aborted(declared, by));
        };
    }

    private PersistentMap<RingPlanName, RingPlan> put(RingPlanSpec spec) {
        int count = spec.rings().size();
        return plans.with(
                spec.name(),
                plans.get(spec.name())
                        .map(old ->
                                new RingPlan(spec, old.rollout().of(count), old.meta().changed(by)))
                        .orElseGet(() ->
                                new RingPlan(spec, Rollout.complete(count, by), Meta.created(by))));
    }

    private PersistentMap<RingPlanName, RingPlan> change(RingPlanName name, PlanChange change) {
        return plans.get(name)
                .map(plan -> plans.with(name, plan.with(change.apply(plan))))
                .orElse(plans);
    }

    private interface PlanChange {
        Rollout apply(RingPlan plan);
    }
}
