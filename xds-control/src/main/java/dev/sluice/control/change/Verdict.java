package dev.sluice.control.change;

import dev.sluice.contract.PartsPerMillion;
import java.time.Instant;
import java.util.Optional;

/**
 * What the judge says of one step, with the record from which it is computed again. Immutable.
 *
 * @param step index of the step, from 0
 * @param share in force
 * @param errorEValue e-value of "new is worse" on errors; 1 when nothing was seen
 * @param slowEValue the same on slow answers
 * @param differenceUpperBound upper bound of (new error rate minus legacy error rate), -1..1
 * @param margin what the bound must be at most, 0..1
 * @param judgeVersion version of the judge
 * @param explanation one sentence for people
 * @param record what it was made from; empty only in logs older than the record
 */
public record Verdict(
        int step,
        Outcome outcome,
        Instant time,
        PartsPerMillion share,
        ArmTotals legacy,
        ArmTotals fresh,
        double errorEValue,
        double slowEValue,
        double differenceUpperBound,
        double margin,
        String judgeVersion,
        String explanation,
        Optional<JudgedStep> record) {

    /** What was shown. */
    public enum Outcome {
        /** No worse than the margin. */
        NON_INFERIOR,
        /** Worse. */
        DEGRADED,
        /** Neither; more keys are needed. */
        UNDECIDED,
        /** The numbers cannot be trusted: arms out of ratio, silent sidecars, injected faults. */
        INVALID
    }

    /**
     * What one arm did during the step.
     *
     * @param keys distinct keys
     * @param errorKeys keys with at least one error
     * @param slowKeys keys with at least one slow answer
     * @param p50Micros median latency, microseconds; 0 when unknown
     * @param p99Micros 99th percentile, microseconds; 0 when unknown
     */
    public record ArmTotals(
            long keys,
            long errorKeys,
            long slowKeys,
            long requests,
            long errors,
            long p50Micros,
            long p99Micros) {
        /** Nothing seen. */
        public static final ArmTotals NONE = new ArmTotals(0, 0, 0, 0, 0, 0, 0);
    }
}
