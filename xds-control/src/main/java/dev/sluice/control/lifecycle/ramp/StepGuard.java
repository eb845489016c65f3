package dev.sluice.control.lifecycle.ramp;

import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Ramp;
import dev.sluice.control.change.Verdict;
import dev.sluice.control.change.Verdict.Outcome;
import dev.sluice.control.change.spec.RampSpec.Advance;
import dev.sluice.control.lifecycle.decision.Refusals;
import java.time.Instant;
import java.util.List;

/**
 * How a step of a ramp ends when no person ends it: as its plan says. Each is one promise; the test
 * that walks at random shows for each that without it the promise breaks.
 */
enum StepGuard {
    /** It is kept for its least stay, which begins when every live node has it. */
    SOAK {
        @Override
        void check(Catalog catalog, Ramp ramp, Instant now, Refusals refusals) {
            ramp.stepAppliedTime()
                    .map(since -> since.plus(ramp.currentStep().soak()))
                    .filter(now::isBefore)
                    .ifPresent(end ->
                            refusals.precondition(
                                    "soak",
                                    "step " + ramp.step() + " at " + now,
                                    "from " + end + " on",
                                    "wait until then"));
        }
    },
    /** What a person is to end, no verdict ends. */
    PERSON {
        @Override
        void check(Catalog catalog, Ramp ramp, Instant now, Refusals refusals) {
            if (ramp.currentStep().advance() == Advance.APPROVED) {
                refusals.precondition(
                        "advance",
                        "step " + ramp.step() + " ends by APPROVED",
                        "a person's advance",
                        "let a person advance the ramp");
            }
        }
    },
    /** A judged step ends by NON_INFERIOR; no data is never that. */
    VERDICT {
        @Override
        void check(Catalog catalog, Ramp ramp, Instant now, Refusals refusals) {
            if (isJudged(ramp)
                    && ramp.verdict().map(Verdict::outcome).filter(it -> it == GOOD).isEmpty()) {
                refusals.precondition(
                        "verdict",
                        ramp.verdict().map(it -> it.outcome().name()).orElse("none"),
                        GOOD.name(),
                        "wait for keys enough, or let a person advance the ramp");
            }
        }
    },
    /** It ends by a verdict on what is there now, not on what was there before a change. */
    FRESH {
        @Override
        void check(Catalog catalog, Ramp ramp, Instant now, Refusals refusals) {
            if (!isJudged(ramp) || ramp.verdict().isEmpty()) {
                return;
            }
            Instant time = ramp.verdict().get().time();
            List<GateState> gates = catalog.gatesOf(ramp.spec().target());
            gates.stream()
                    .filter(gate -> time.isBefore(gate.presentEntry().time()))
                    .forEach(gate ->
                            refuseOlder(
                                    time,
                                    gate.name() + " has " + gate.revision() + " since then",
                                    refusals));
            ramp.stepAppliedTime()
                    .filter(time::isBefore)
                    .ifPresent(applied ->
                            refuseOlder(time, "the step was applied after it", refusals));
            Staleness.of(catalog, gates, ramp.stepTime())
                    .forEach(changed -> refuseOlder(time, changed, refusals));
        }
    };

    private static final Outcome GOOD = Outcome.NON_INFERIOR;

    abstract void check(Catalog catalog, Ramp ramp, Instant now, Refusals refusals);

    private static boolean isJudged(Ramp ramp) {
        return ramp.currentStep().advance() == Advance.JUDGED;
    }

    private static void refuseOlder(Instant verdict, String changed, Refusals refusals) {
        refusals.precondition(
                "verdict",
                "of " + verdict + ": " + changed,
                "a verdict on what is there now",
                "wait for the next verdict, or let a person advance the ramp");
    }
}
