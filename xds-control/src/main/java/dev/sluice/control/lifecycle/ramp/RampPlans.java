package dev.sluice.control.lifecycle.ramp;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Event.GatesRevised.Action;
import dev.sluice.control.change.spec.Criterion;
import dev.sluice.control.change.spec.JudgePolicy;
import dev.sluice.control.change.spec.RampSpec;
import dev.sluice.control.lifecycle.decision.Decision;
import dev.sluice.control.lifecycle.decision.Ranges;
import dev.sluice.control.lifecycle.decision.Refusals;
import dev.sluice.control.lifecycle.gate.Prerequisites;
import dev.sluice.control.lifecycle.gate.ShareRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Decides about plans of ramps: what a ramp may be begun with. Immutable. */
public record RampPlans(Catalog catalog, ShareRules shares) {
    private static final int MOST_STEPS = 50;
    private static final int MOST_CRITERIA = 16;
    private static final long LONGEST_LATENCY_MICROS = 3_600_000_000L;
    private static final Duration LONGEST_SOAK = Duration.ofDays(30);
    private static final Duration LONGEST_MAX_SOAK = Duration.ofDays(90);

    public Decision create(RampSpec spec) {
        Refusals refusals = new Refusals();
        shares.guards().refuseMigrating("target", spec.target(), refusals);
        catalog.gatesOf(spec.target())
                .forEach(gate -> shares.guards().refuseFrozen("target", gate, refusals));
        return begin(spec, refusals);
    }

    /** As {@link #create}, for whoever drives the target. */
    public Decision begin(RampSpec spec, Refusals refusals) {
        if (catalog.ramp(spec.name()).isPresent()) {
            refusals.exists(spec.name());
        }
        refusals.reference(catalog.find(spec.target().name()), "target", spec.target().name());
        shares.guards().refuseSetMember(spec.target(), refusals);
        catalog.activeRamp(spec.target())
                .ifPresent(other ->
                        refusals.precondition(
                                "target",
                                other.name() + " drives " + spec.target().name(),
                                "no ramp at work",
                                "end or abort that ramp first"));
        checkPlan(spec, refusals);
        checkJudge(spec.judge(), refusals);
        checkBaseline(spec, refusals);
        List<GateState> gates = catalog.gatesOf(spec.target());
        shares.guards().refuseForbidden(gates, refusals);
        gates.forEach(gate -> shares.guards().refuseRaise("target", gate, refusals));
        gates.forEach(gate -> shares.guards().writes().refuseUnheld("target", gate, refusals));
        if (!spec.steps().isEmpty()) {
            PartsPerMillion first = spec.steps().getFirst().share();
            Prerequisites.refuse(catalog, "steps[0].share_ppm", gates, first, refusals);
        }
        return refusals.orElse(() -> {
            List<Event> events = new ArrayList<>();
            events.add(new Event.RampStarted(spec));
            events.addAll(shares.revise(gates, spec.steps().getFirst().share(), Action.SHARE_SET));
            return events;
        });
    }

    /** Ranges and order of the steps of a plan. */
    public static void checkSteps(RampSpec spec, Refusals refusals) {
        Ranges ranges = new Ranges(refusals);
        ranges.number("steps", spec.steps().size(), 1, MOST_STEPS);
        PartsPerMillion below = PartsPerMillion.NONE;
        for (int i = 0; i < spec.steps().size(); i++) {
            RampSpec.Step step = spec.steps().get(i);
            String path = "steps[" + i + "]";
            ranges.duration(path + ".soak", step.soak(), Duration.ZERO, LONGEST_SOAK);
            ranges.duration(path + ".max_soak", step.maxSoak(), step.soak(), LONGEST_MAX_SOAK);
            if (step.share().compareTo(below) <= 0) {
                refusals.invalid(
                        path + ".share_ppm",
                        step.share(),
                        "above " + below,
                        "let the shares ascend");
            }
            below = step.share();
        }
    }

    /** A plan up to 100 % has what that is judged against; another may get it later. */
    private void checkBaseline(RampSpec spec, Refusals refusals) {
        if (spec.steps().stream().anyMatch(step -> step.share().isAll())) {
            new BaselineFit(catalog, shares.context().time())
                    .refuseUnfit(spec.judge(), spec.target(), refusals);
        }
    }

    private void checkPlan(RampSpec spec, Refusals refusals) {
        checkSteps(spec, refusals);
        for (GateState gate : catalog.gatesOf(spec.target())) {
            if (!spec.steps().isEmpty()
                    && spec.steps().getFirst().share().compareTo(gate.content().share()) < 0) {
                refusals.precondition(
                        "steps[0].share_ppm",
                        spec.steps().getFirst().share(),
                        "not below the present share " + gate.content().share(),
                        "begin at the present share, or roll back first");
            }
        }
    }

    public static void checkJudge(JudgePolicy judge, Refusals refusals) {
        Ranges ranges = new Ranges(refusals);
        ranges.number("judge.alpha_ppm", judge.alphaPpm(), 1, 200_000);
        ranges.number("judge.harm_budget_ppm", judge.harmBudgetPpm(), 1, 100_000);
        ranges.number("judge.min_keys", judge.minKeys(), 0, 1_000_000_000);
        ranges.number("judge.criteria", judge.criteria().size(), 0, MOST_CRITERIA);
        for (int i = 0; i < judge.criteria().size(); i++) {
            Criterion criterion = judge.criteria().get(i);
            boolean latency = criterion.measure() == Criterion.Measure.P99_MICROS;
            ranges.number(
                    "judge.criteria[" + i + "].limit",
                    criterion.limit(),
                    0,
                    latency ? LONGEST_LATENCY_MICROS : PartsPerMillion.WHOLE);
        }
        new QueryRules(refusals).check("judge.queries", judge.queries());
    }
}
