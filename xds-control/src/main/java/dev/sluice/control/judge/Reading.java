package dev.sluice.control.judge;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.control.change.JudgedStep;
import dev.sluice.control.change.JudgedStep.JudgedArm;
import dev.sluice.control.change.JudgedStep.JudgedGate;
import dev.sluice.control.change.JudgedStep.Recorded;
import dev.sluice.control.change.Verdict.ArmTotals;
import dev.sluice.control.change.spec.JudgePolicy;
import java.util.List;
import java.util.Optional;

/**
 * All numbers of one gate at one step. Immutable.
 *
 * @param name of the gate for people, with what of it was read
 * @param errorEValue e-value of "keys of the new arm err more"; 1 where legacy has no share
 * @param slowEValue the same of slow answers
 * @param ratioEValue e-value of "the arms' numbers of keys do not fit the share"
 * @param lowerBound lower bound of (new less legacy) rate of errors, -1..1, at the level of
 *     rollback; only where legacy has no share, else -1
 * @param upperBound upper bound of the same at the level of promotion
 * @param margin what the upper bound must be at most
 * @param breaches of the policy's criteria
 * @param before what legacy did, where it has no share now
 */
record Reading(
        JudgedGate gate,
        String name,
        ArmTotals legacy,
        ArmTotals fresh,
        double errorEValue,
        double slowEValue,
        double ratioEValue,
        double lowerBound,
        double upperBound,
        double margin,
        List<Breach> breaches,
        Optional<Before> before) {
    /** Probability that a worse arm is ever called non-inferior, half for each arm's bound. */
    static final double PROMOTION_ALPHA = 0.05;

    private static final double WIDEST_MARGIN = 0.05;

    Reading {
        breaches = List.copyOf(breaches);
    }

    static Reading nothing(JudgedStep step) {
        return new Reading(
                step.gates().getFirst(),
                step.gates().getFirst().gate().name(),
                ArmTotals.NONE,
                ArmTotals.NONE,
                1,
                1,
                1,
                -1,
                1,
                margin(step.policy(), step.share()),
                List.of(),
                Optional.empty());
    }

    /** Of the keys that the gate itself decided for. */
    static Reading of(JudgedGate gate, JudgedStep step, Alpha alpha) {
        return of(gate, gate.gate().name(), Before.of(step, gate, Recorded::own), step, alpha);
    }

    /** Of the buckets of decisions that were carried to the gate. */
    static Reading ofCarried(JudgedGate gate, JudgedStep step, Alpha alpha) {
        return of(
                gate,
                gate.gate() + ", by carried decisions,",
                Before.of(step, gate, Recorded::carried),
                step,
                alpha);
    }

    private static Reading of(
            JudgedGate gate, String name, Optional<Before> before, JudgedStep step, Alpha alpha) {
        boolean clientErrors = step.policy().clientErrorsCount();
        JudgedArm legacy = gate.legacy();
        JudgedArm fresh = gate.fresh();
        double share = (double) step.share().value() / PartsPerMillion.WHOLE;
        boolean compared = share > 0 && share < 1;
        return new Reading(
                gate,
                name,
                legacy.totals(clientErrors),
                fresh.totals(clientErrors),
                compared ? Likelihood.excess(fresh.errorKeys(), legacy.errorKeys(), share) : 1,
                compared ? Likelihood.excess(fresh.slowKeys(), legacy.slowKeys(), share) : 1,
                compared
                        ? Likelihood.mismatch(fresh.keysAtLeast(), legacy.keysAtLeast(), share)
                        : 1,
                step.share().isAll() ? soakLower(fresh, before, step, alpha) : -1,
                step.share().isAll() ? soakUpper(fresh, before, step) : upperBound(legacy, fresh),
                margin(step.policy(), step.share()),
                Breach.of(
                        before.map(known -> known.beside(gate)).orElse(gate), step.policy(), alpha),
                before);
    }

    /** min(5 points, H / share): what a step may cost, spread over those who bear it. */
    static double margin(JudgePolicy policy, PartsPerMillion share) {
        return share.isNone()
                ? WIDEST_MARGIN
                : Math.min(WIDEST_MARGIN, (double) policy.harmBudgetPpm() / share.value());
    }

    /** Keys or buckets of both arms. */
    long seen() {
        return legacy.keys() + fresh.keys();
    }

    private static double upperBound(JudgedArm legacy, JudgedArm fresh) {
        long freshKeys = Math.max(fresh.keysAtLeast(), fresh.errorKeys());
        long legacyKeys = Math.max(legacy.keysAtMost(), legacy.errorKeys());
        double alpha = PROMOTION_ALPHA / 2;
        return Likelihood.upperRate(fresh.errorKeys(), freshKeys, alpha)
                - Likelihood.lowerRate(legacy.errorKeys(), legacyKeys, alpha);
    }

    private static double soakUpper(JudgedArm fresh, Optional<Before> before, JudgedStep step) {
        double alpha = PROMOTION_ALPHA / 2;
        return Clustered.errors(fresh, step.policy().clientErrorsCount()).upper(alpha)
                - before.map(Before::errors).orElse(Clustered.NONE).lower(alpha);
    }

    private static double soakLower(
            JudgedArm fresh, Optional<Before> before, JudgedStep step, Alpha alpha) {
        double half = alpha.errors() / 2;
        return Clustered.errors(fresh, step.policy().clientErrorsCount()).lower(half)
                - before.map(Before::errors).orElse(Clustered.NONE).upper(half);
    }
}
