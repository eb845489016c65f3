package dev.sluice.control.judge;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.control.change.JudgedStep.JudgedArm;
import dev.sluice.control.change.JudgedStep.JudgedGate;
import dev.sluice.control.change.spec.Criterion;
import dev.sluice.control.change.spec.Criterion.Against;
import dev.sluice.control.change.spec.Criterion.Measure;
import dev.sluice.control.change.spec.JudgePolicy;
import java.util.List;
import java.util.Locale;

/**
 * A criterion that a gate does not keep to, or has not yet shown to keep to. Immutable.
 *
 * @param certainty how sure it is
 * @param lower the least that the value may be, in the unit of the criterion
 * @param upper the most that it may be
 */
record Breach(Criterion criterion, Certainty certainty, double lower, double upper) {

    enum Certainty {
        /** Even the lower bound is above the limit. */
        SHOWN,
        /** The limit lies between the bounds. */
        POSSIBLE
    }

    /** Those of the policy's criteria that are not shown to hold. */
    static List<Breach> of(JudgedGate gate, JudgePolicy policy, Alpha alpha) {
        return policy.criteria().stream()
                .map(criterion -> of(criterion, gate, alpha))
                .filter(breach -> breach.upper > breach.criterion.limit())
                .toList();
    }

    boolean rollsBack() {
        return certainty == Certainty.SHOWN
                && criterion.onBreach() == Criterion.OnBreach.ROLL_BACK
                && criterion.measure() != Measure.P99_MICROS;
    }

    String text(JudgedGate gate) {
        String unit = criterion.measure() == Measure.P99_MICROS ? "us" : "ppm of requests";
        return String.format(
                Locale.ROOT,
                "%s of the new arm of %s%s: %.0f to %.0f %s, at most %d allowed",
                criterion.measure(),
                gate.gate(),
                criterion.against() == Against.LEGACY ? " above legacy" : "",
                lower,
                upper,
                unit,
                criterion.limit());
    }

    private static Breach of(Criterion criterion, JudgedGate gate, Alpha alpha) {
        return criterion.measure() == Measure.P99_MICROS
                ? latency(criterion, gate)
                : counted(criterion, gate, alpha);
    }

    /** A percentile is taken as it is; without an answer it may be anything. */
    private static Breach latency(Criterion criterion, JudgedGate gate) {
        long legacy = criterion.against() == Against.LEGACY ? gate.legacy().p99Micros() : 0;
        double value = (double) gate.fresh().p99Micros() - legacy;
        boolean known =
                gate.fresh().requests() > 0
                        && (criterion.against() == Against.NOTHING || gate.legacy().requests() > 0);
        return bounds(criterion, known ? value : 0, known ? value : Long.MAX_VALUE);
    }

    private static Breach counted(Criterion criterion, JudgedGate gate, Alpha alpha) {
        Clustered fresh = counted(criterion, gate.fresh());
        Clustered legacy =
                criterion.against() == Against.LEGACY
                        ? counted(criterion, gate.legacy())
                        : Clustered.NONE;
        boolean alone = criterion.against() == Against.NOTHING;
        double back = alpha.other() / 2;
        double forth = Reading.PROMOTION_ALPHA / 2;
        double lower = fresh.lower(back) - (alone ? 0 : legacy.upper(back));
        double upper = fresh.upper(forth) - (alone ? 0 : legacy.lower(forth));
        return bounds(criterion, lower * PartsPerMillion.WHOLE, upper * PartsPerMillion.WHOLE);
    }

    private static Breach bounds(Criterion criterion, double lower, double upper) {
        return new Breach(
                criterion,
                lower > criterion.limit() ? Certainty.SHOWN : Certainty.POSSIBLE,
                lower,
                upper);
    }

    private static Clustered counted(Criterion criterion, JudgedArm arm) {
        return Clustered.events(
                arm,
                switch (criterion.measure()) {
                    case CLIENT_ERRORS -> arm.clientErrors();
                    case SERVER_ERRORS -> arm.serverErrors();
                    case RESETS -> arm.resets();
                    case TIMEOUTS -> arm.timeouts();
                    case CANCELLED -> arm.cancelled();
                    case FALLBACKS -> arm.fallbacks();
                    case P99_MICROS -> throw new IllegalArgumentException("no count of requests");
                });
    }
}
