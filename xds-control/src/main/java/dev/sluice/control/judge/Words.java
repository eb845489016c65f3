package dev.sluice.control.judge;

import dev.sluice.control.change.JudgedStep;
import dev.sluice.control.change.JudgedStep.JudgedGate;
import java.util.Locale;

/** The sentences of verdicts. Stateless. */
final class Words {
    static final String ERRORS = "an error";
    static final String SLOWNESS = "a slow answer";

    private Words() {}

    static String degraded(Reading worst, String event, double limit) {
        boolean errors = event.equals(ERRORS);
        return String.format(
                Locale.ROOT,
                "the new arm of %s has more keys with %s than its share explains:"
                        + " %d new, %d legacy (e-value %.3g, limit %.3g)",
                worst.name(),
                event,
                errors ? worst.fresh().errorKeys() : worst.fresh().slowKeys(),
                errors ? worst.legacy().errorKeys() : worst.legacy().slowKeys(),
                errors ? worst.errorEValue() : worst.slowEValue(),
                limit);
    }

    static String soak(Reading reading, double points, String bound) {
        return String.format(
                Locale.ROOT,
                "the new arm of %s errs in %s %.3f points more requests than legacy did"
                        + " before%s, margin %.3f",
                reading.name(),
                bound,
                points * 100,
                source(reading),
                reading.margin() * 100);
    }

    private static String source(Reading reading) {
        return reading.before().map(Before::source).orElse("");
    }

    static String noBaseline(JudgedStep step) {
        return step.policy()
                .baseline()
                .map(name -> name + " has nothing to compare with")
                .orElse("no step before has a count of the legacy arm to compare with");
    }

    static String notInBaseline(Reading reading) {
        return "what was recorded of legacy has no count of " + reading.name();
    }

    static String slowSoak(Reading reading, Before before) {
        return String.format(
                Locale.ROOT,
                "the p99 of the new arm of %s is %d us, legacy's was %d us before%s",
                reading.name(),
                reading.fresh().p99Micros(),
                before.p99Micros(),
                before.source());
    }

    static String outOfRatio(JudgedGate gate, JudgedStep step) {
        return String.format(
                Locale.ROOT,
                "%d new and %d legacy keys of %s do not fit a share of %s",
                gate.fresh().keysAtLeast(),
                gate.legacy().keysAtLeast(),
                gate.gate(),
                step.share());
    }

    static String tooFew(Reading fewest, JudgedStep step) {
        return String.format(
                Locale.ROOT,
                "%d of at least %d keys seen on the new arm of %s",
                fewest.fresh().keys(),
                step.policy().minKeys(),
                fewest.name());
    }

    static String compared(Reading widest, JudgedStep step, String relation) {
        if (step.share().isAll()) {
            return soak(widest, widest.upperBound(), "at most");
        }
        return String.format(
                Locale.ROOT,
                "the new arm of %s errs for up to %.3f points more keys, %s the margin of %.3f",
                widest.name(),
                widest.upperBound() * 100,
                relation,
                widest.margin() * 100);
    }
}
