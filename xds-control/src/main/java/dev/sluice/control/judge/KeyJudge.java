package dev.sluice.control.judge;

import dev.sluice.control.change.JudgedStep;
import dev.sluice.control.change.JudgedStep.JudgedGate;
import dev.sluice.control.change.Verdict;
import dev.sluice.control.change.Verdict.Outcome;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The judge of steps. Its unit is the key, counted once a step at its first error.
 *
 * <p><b>Worse.</b> If both versions are alike, the arm of a key says nothing about whether it errs,
 * and an erring key is on the new arm with a probability of just the share in force. An e-process
 * tests that against more; the same for keys with a slow answer. {@link Alpha} says how the
 * probability of a false alarm is split. A criterion of the policy is broken when even the lower
 * bound of its value is above its limit.
 *
 * <p><b>Not worse.</b> The upper bound of the new arm's rate of erring keys less the lower bound of
 * the legacy arm's must be at most min(5 points, H / share), and every criterion must be shown to
 * hold. Where several sidecars may have seen the same key, the new arm is given the fewest keys and
 * the legacy arm the most.
 *
 * <p><b>At 100 %</b> there is no concurrent legacy arm. The rate of errors of requests, brought
 * down to independent ones by {@link Clustered}, is compared with the baseline of the steps before;
 * and the new arm's p99 must not be above 1.3 times the baseline's. That baseline is what was
 * recorded of the gate on purpose where the policy names such, and then criteria against legacy go
 * by it as well. Without a baseline there is no verdict but UNDECIDED.
 *
 * <p><b>What a metrics server says</b> is looked at by {@link Queries}: it can take a step back,
 * also where sidecars count nothing, and it can hold one; it never lets one go on by itself.
 *
 * <p><b>Invalid.</b> Arms out of ratio, silent sidecars, a state that changed under the counts,
 * injected faults and overflown counts stop a promotion; none of them stops a rollback.
 *
 * <p><b>Carried decisions.</b> A gate of a set that obeys decisions carried to it reads no keys,
 * but each decision brings its bucket, which is uniform as well: buckets are judged in the place of
 * keys, beside the keys that the gate itself decided for. Either can take the step back; of each
 * gate the one with more of them has to be shown not worse. Immutable.
 */
public final class KeyJudge implements Judge {
    /** Recorded with each verdict; another number where the same record may judge otherwise. */
    public static final String VERSION = "keys-4";

    /** e-value at which the arms' numbers of keys no longer fit the share. */
    private static final double RATIO_LIMIT = 10_000;

    private static final double SOAK_LATENCY = 1.3;

    @Override
    public Verdict judge(JudgedStep step) {
        List<JudgedGate> decided = step.gates().stream().filter(JudgedGate::isJudged).toList();
        List<JudgedGate> carried = step.carried().stream().filter(JudgedGate::isJudged).toList();
        int judged = decided.size() + carried.size();
        Optional<String> brokenQuery = Queries.worse(step);
        if (judged == 0 && brokenQuery.isPresent()) {
            return verdict(step, Outcome.DEGRADED, Reading.nothing(step), brokenQuery.get());
        }
        if (judged == 0) {
            return verdict(
                    step,
                    Outcome.UNDECIDED,
                    Reading.nothing(step),
                    "no request was decided by share yet");
        }
        Alpha alpha = Alpha.of(step, judged, step.policy().criteria().size());
        List<Reading> readings =
                Stream.concat(
                                decided.stream().map(gate -> Reading.of(gate, step, alpha)),
                                carried.stream().map(gate -> Reading.ofCarried(gate, step, alpha)))
                        .toList();
        for (Reading reading : readings) {
            Optional<String> worse = worse(reading, alpha);
            if (worse.isPresent()) {
                return verdict(step, Outcome.DEGRADED, reading, worse.get());
            }
        }
        return brokenQuery
                .map(why -> verdict(step, Outcome.DEGRADED, readings.getFirst(), why))
                .orElseGet(() -> hold(step, readings, weightiest(readings)));
    }

    /** Of each gate what has seen more keys or buckets. */
    private static List<Reading> weightiest(List<Reading> readings) {
        return List.copyOf(
                readings.stream()
                        .collect(
                                Collectors.toMap(
                                        reading -> reading.gate().gate(),
                                        reading -> reading,
                                        (one, other) -> other.seen() > one.seen() ? other : one,
                                        LinkedHashMap::new))
                        .values());
    }

    private static Optional<String> worse(Reading reading, Alpha alpha) {
        if (reading.errorEValue() >= 1 / alpha.errors()) {
            return Optional.of(Words.degraded(reading, Words.ERRORS, 1 / alpha.errors()));
        }
        if (reading.slowEValue() >= 1 / alpha.other()) {
            return Optional.of(Words.degraded(reading, Words.SLOWNESS, 1 / alpha.other()));
        }
        if (reading.lowerBound() > reading.margin()) {
            return Optional.of(Words.soak(reading, reading.lowerBound(), "at least"));
        }
        return reading.breaches().stream()
                .filter(Breach::rollsBack)
                .findFirst()
                .map(breach -> breach.text(reading.gate()));
    }

    /** Not shown worse: shown not worse, or neither. */
    private static Verdict hold(JudgedStep step, List<Reading> readings, List<Reading> weightiest) {
        Reading widest =
                weightiest.stream()
                        .max(Comparator.comparingDouble(Reading::upperBound))
                        .orElseThrow();
        if (step.silentNodes() > 0) {
            return verdict(
                    step,
                    Outcome.INVALID,
                    widest,
                    step.silentNodes() + " sidecars have not reported lately");
        }
        if (!step.stale().isEmpty()) {
            return verdict(
                    step,
                    Outcome.INVALID,
                    widest,
                    "what was counted is of another state: " + String.join(", ", step.stale()));
        }
        for (Reading reading : readings) {
            Optional<String> flaw = flaw(reading, step);
            if (flaw.isPresent()) {
                return verdict(step, Outcome.INVALID, reading, flaw.get());
            }
        }
        return undecided(step, weightiest)
                .orElseGet(() ->
                        verdict(
                                step,
                                Outcome.NON_INFERIOR,
                                widest,
                                Words.compared(widest, step, "at most")));
    }

    /** The first thing that is not shown yet. */
    private static Optional<Verdict> undecided(JudgedStep step, List<Reading> readings) {
        Reading first = readings.getFirst();
        if (step.gates().stream().anyMatch(gate -> !gate.isJudged() && !gate.isCarriedOnly())) {
            return undecided(step, first, "a gate of the set saw no request yet");
        }
        if (step.share().isAll() && step.baseline().isEmpty() && step.recorded().isEmpty()) {
            return undecided(step, first, Words.noBaseline(step));
        }
        for (Reading reading : readings) {
            if (step.share().isAll() && reading.before().isEmpty()) {
                return undecided(step, reading, Words.notInBaseline(reading));
            }
            if (reading.fresh().keys() < step.policy().minKeys()) {
                return undecided(step, reading, Words.tooFew(reading, step));
            }
            if (reading.upperBound() > reading.margin()) {
                return undecided(step, reading, Words.compared(reading, step, "still above"));
            }
            if (!reading.breaches().isEmpty()) {
                return undecided(step, reading, reading.breaches().getFirst().text(reading.gate()));
            }
            Optional<Before> faster = reading.before().filter(before -> isSlower(reading, before));
            if (faster.isPresent()) {
                return undecided(step, reading, Words.slowSoak(reading, faster.get()));
            }
        }
        return Queries.unshown(step).flatMap(why -> undecided(step, first, why));
    }

    private static boolean isSlower(Reading reading, Before before) {
        return before.p99Micros() > 0
                && reading.fresh().p99Micros() > SOAK_LATENCY * before.p99Micros();
    }

    private static Optional<String> flaw(Reading reading, JudgedStep step) {
        JudgedGate gate = reading.gate();
        if (gate.legacy().underFault() + gate.fresh().underFault() > 0) {
            return Optional.of("faults were injected into " + gate.gate());
        }
        if (gate.legacy().overflow() + gate.fresh().overflow() > 0) {
            return Optional.of("sidecars of " + gate.gate() + " had no room for all keys");
        }
        return reading.ratioEValue() < RATIO_LIMIT
                ? Optional.empty()
                : Optional.of(Words.outOfRatio(gate, step));
    }

    private static Optional<Verdict> undecided(JudgedStep step, Reading reading, String why) {
        return Optional.of(verdict(step, Outcome.UNDECIDED, reading, why));
    }

    private static Verdict verdict(
            JudgedStep step, Outcome outcome, Reading reading, String explanation) {
        return new Verdict(
                step.step(),
                outcome,
                step.time(),
                step.share(),
                reading.legacy(),
                reading.fresh(),
                reading.errorEValue(),
                reading.slowEValue(),
                reading.upperBound(),
                reading.margin(),
                VERSION,
                explanation,
                Optional.of(step));
    }
}
