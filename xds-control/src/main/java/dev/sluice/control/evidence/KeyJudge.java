package dev.sluice.control.evidence;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.control.change.Verdict;
import dev.sluice.control.change.Verdict.ArmTotals;
import dev.sluice.control.change.Verdict.Outcome;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The first judge. Its unit is the key, counted once a step at its first error.
 *
 * <p><b>Worse.</b> If both versions are alike, the arm of a key says nothing about whether it errs,
 * and an erring key is on the new arm with a probability of just the share in force. An e-process
 * tests that against more; the same for keys with a slow answer. Alpha is split over the steps, the
 * two criteria and the gates.
 *
 * <p><b>Not worse.</b> The upper bound of the new arm's rate of erring keys less the lower bound of
 * the legacy arm's must be at most min(5 points, H / share). Where several sidecars may have seen
 * the same key, the new arm is given the fewest keys and the legacy arm the most.
 *
 * <p><b>Invalid.</b> Arms out of ratio, silent sidecars, injected faults and overflown counts stop
 * a promotion; none of them stops a rollback.
 *
 * <p>A gate of a set that only obeys decisions carried to it has no keys of its own to judge: those
 * who decide for it are judged. Immutable.
 */
public final class KeyJudge implements Judge {
    /** Recorded with each verdict; another number where the same evidence may judge otherwise. */
    public static final String VERSION = "keys-1";

    private static final double WIDEST_MARGIN = 0.05;

    /** Probability that a worse arm is ever called non-inferior, half for each arm's bound. */
    private static final double PROMOTION_ALPHA = 0.05;

    /** e-value at which the arms' numbers of keys no longer fit the share. */
    private static final double RATIO_LIMIT = 10_000;

    @Override
    public Verdict judge(StepEvidence evidence) {
        List<GateEvidence> judged =
                evidence.gates().stream().filter(GateEvidence::isJudged).toList();
        if (judged.isEmpty()) {
            return verdict(
                    evidence,
                    Outcome.UNDECIDED,
                    Reading.nothing(evidence),
                    "no request was decided by share yet");
        }
        List<Reading> readings = judged.stream().map(gate -> read(gate, evidence)).toList();
        double limit = limit(evidence, judged.size());
        Reading worst =
                readings.stream()
                        .max(Comparator.comparingDouble(Reading::largestEValue))
                        .orElseThrow();
        if (worst.largestEValue() >= limit) {
            return verdict(evidence, Outcome.DEGRADED, worst, degraded(worst, limit));
        }
        return hold(evidence, readings);
    }

    private static double limit(StepEvidence evidence, int gates) {
        double alpha = (double) evidence.policy().alphaPpm() / PartsPerMillion.WHOLE;
        return evidence.steps() * 2.0 * gates / alpha;
    }

    /** Not shown worse: shown not worse, or neither. */
    private static Verdict hold(StepEvidence evidence, List<Reading> readings) {
        Reading widest =
                readings.stream()
                        .max(Comparator.comparingDouble(Reading::upperBound))
                        .orElseThrow();
        if (evidence.silentNodes() > 0) {
            return verdict(
                    evidence,
                    Outcome.INVALID,
                    widest,
                    evidence.silentNodes() + " sidecars have not reported lately");
        }
        for (Reading reading : readings) {
            String flaw = flaw(reading, evidence.share());
            if (!flaw.isEmpty()) {
                return verdict(evidence, Outcome.INVALID, reading, flaw);
            }
        }
        boolean idle =
                evidence.gates().stream().anyMatch(gate -> !gate.isJudged() && !gate.isCarriedOnly());
        if (idle) {
            return verdict(
                    evidence, Outcome.UNDECIDED, widest, "a gate of the set saw no request yet");
        }
        Reading fewest =
                readings.stream()
                        .min(Comparator.comparingLong(reading -> reading.fresh().keys()))
                        .orElseThrow();
        if (fewest.fresh().keys() < evidence.policy().minKeys()) {
            return verdict(evidence, Outcome.UNDECIDED, fewest, tooFew(fewest, evidence));
        }
        return widest.upperBound() <= widest.margin()
                ? verdict(evidence, Outcome.NON_INFERIOR, widest, compared(widest, "at most"))
                : verdict(evidence, Outcome.UNDECIDED, widest, compared(widest, "still above"));
    }

    private static String flaw(Reading reading, PartsPerMillion share) {
        GateEvidence gate = reading.gate();
        if (gate.legacy().share().underFault() + gate.fresh().share().underFault() > 0) {
            return "faults were injected into " + gate.gate();
        }
        if (gate.legacy().overflow() + gate.fresh().overflow() > 0) {
            return "sidecars of " + gate.gate() + " had no room for all keys";
        }
        return reading.ratioEValue() < RATIO_LIMIT
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%d new and %d legacy keys of %s do not fit a share of %s",
                        gate.fresh().keysAtLeast(),
                        gate.legacy().keysAtLeast(),
                        gate.gate(),
                        share);
    }

    /** All numbers of one gate. */
    private record Reading(
            GateEvidence gate,
            ArmTotals legacy,
            ArmTotals fresh,
            double errorEValue,
            double slowEValue,
            double ratioEValue,
            double upperBound,
            double margin) {
        double largestEValue() {
            return Math.max(errorEValue, slowEValue);
        }

        static Reading nothing(StepEvidence evidence) {
            GateEvidence none =
                    evidence.gates().stream()
                            .findFirst()
                            .orElseThrow(
                                    () -> new IllegalArgumentException("a step without a gate"));
            return new Reading(
                    none, ArmTotals.NONE, ArmTotals.NONE, 1, 1, 1, 1, KeyJudge.margin(evidence));
        }
    }

    private static Reading read(GateEvidence gate, StepEvidence evidence) {
        boolean clientErrors = evidence.policy().clientErrorsCount();
        ArmEvidence legacy = gate.legacy();
        ArmEvidence fresh = gate.fresh();
        double share = (double) evidence.share().value() / PartsPerMillion.WHOLE;
        boolean compared = share > 0 && share < 1;
        return new Reading(
                gate,
                legacy.totals(clientErrors),
                fresh.totals(clientErrors),
                compared ? Likelihood.excess(fresh.errorKeys(), legacy.errorKeys(), share) : 1,
                compared ? Likelihood.excess(fresh.slowKeys(), legacy.slowKeys(), share) : 1,
                compared
                        ? Likelihood.mismatch(fresh.keysAtLeast(), legacy.keysAtLeast(), share)
                        : 1,
                upperBound(legacy, fresh),
                margin(evidence));
    }

    private static double upperBound(ArmEvidence legacy, ArmEvidence fresh) {
        long freshKeys = Math.max(fresh.keysAtLeast(), fresh.errorKeys());
        long legacyKeys = Math.max(legacy.keysAtMost(), legacy.errorKeys());
        double alpha = PROMOTION_ALPHA / 2;
        return Likelihood.upperRate(fresh.errorKeys(), freshKeys, alpha)
                - Likelihood.lowerRate(legacy.errorKeys(), legacyKeys, alpha);
    }

    private static double margin(StepEvidence evidence) {
        if (evidence.share().isNone()) {
            return WIDEST_MARGIN;
        }
        return Math.min(
                WIDEST_MARGIN,
                (double) evidence.policy().harmBudgetPpm() / evidence.share().value());
    }

    private static Verdict verdict(
            StepEvidence evidence, Outcome outcome, Reading reading, String explanation) {
        return new Verdict(
                evidence.step(),
                outcome,
                evidence.time(),
                evidence.share(),
                reading.legacy(),
                reading.fresh(),
                reading.errorEValue(),
                reading.slowEValue(),
                reading.upperBound(),
                reading.margin(),
                VERSION,
                explanation);
    }

    private static String degraded(Reading worst, double limit) {
        boolean errors = worst.errorEValue() >= worst.slowEValue();
        return String.format(
                Locale.ROOT,
                "the new arm of %s has more keys with %s than its share explains:"
                        + " %d new, %d legacy (e-value %.3g, limit %.3g)",
                worst.gate().gate(),
                errors ? "an error" : "a slow answer",
                errors ? worst.fresh().errorKeys() : worst.fresh().slowKeys(),
                errors ? worst.legacy().errorKeys() : worst.legacy().slowKeys(),
                worst.largestEValue(),
                limit);
    }

    private static String tooFew(Reading fewest, StepEvidence evidence) {
        return String.format(
                Locale.ROOT,
                "%d of at least %d keys seen on the new arm of %s",
                fewest.fresh().keys(),
                evidence.policy().minKeys(),
                fewest.gate().gate());
    }

    private static String compared(Reading widest, String relation) {
        return String.format(
                Locale.ROOT,
                "the new arm of %s errs for up to %.3f points more keys, %s the margin of %.3f",
                widest.gate().gate(),
                widest.upperBound() * 100,
                relation,
                widest.margin() * 100);
    }
}
