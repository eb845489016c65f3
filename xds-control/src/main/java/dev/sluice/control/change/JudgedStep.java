package dev.sluice.control.change;

import dev.sluice.contract.GateName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.change.spec.AddedLater;
import dev.sluice.control.change.spec.JudgePolicy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Everything that a verdict on a step is made from, and nothing else: it stands in the log with the
 * verdict, so that anyone can compute the verdict again. Immutable.
 *
 * @param step index, from 0
 * @param steps how many the ramp has, over which the error probability is split
 * @param share in force
 * @param time of the verdict
 * @param gates the gates that moved together; at least one
 * @param carried the same gates by decisions that were carried to them, with buckets in the place
 *     of keys; none of a gate to which none was
 * @param silentNodes live sidecars of these gates that have not reported lately
 * @param stale what changed after the step was put in force, so that the counts tell of two states
 * @param baseline of the legacy arm, from the steps before; where legacy has no share now and
 *     nothing was recorded of it on purpose
 * @param queries what a metrics server answered; none of a criterion that was not asked yet
 * @param recorded what was recorded of the legacy arms on purpose; where legacy has no share now
 */
public record JudgedStep(
        int step,
        int steps,
        PartsPerMillion share,
        JudgePolicy policy,
        Instant time,
        List<JudgedGate> gates,
        List<JudgedGate> carried,
        int silentNodes,
        List<String> stale,
        Optional<Baseline> baseline,
        @AddedLater List<JudgedQuery> queries,
        @AddedLater List<Recorded> recorded) {
    public JudgedStep {
        gates = List.copyOf(gates);
        carried = List.copyOf(carried);
        stale = List.copyOf(stale);
        queries = List.copyOf(queries);
        recorded = List.copyOf(recorded);
        if (gates.isEmpty()) {
            throw new IllegalArgumentException("a step without a gate");
        }
    }

    /** What both arms of a gate did under one revision. */
    public record JudgedGate(
            GateName gate, GateRevision revision, JudgedArm legacy, JudgedArm fresh) {
        /** Whether any request was decided by share: whether there is anything to judge. */
        public boolean isJudged() {
            return legacy.requests() + fresh.requests() > 0;
        }

        /** Whether requests came, and every one was decided elsewhere or by a rule. */
        public boolean isCarriedOnly() {
            return !isJudged() && legacy.decidedElsewhere() + fresh.decidedElsewhere() > 0;
        }
    }

    /**
     * What one arm did. Counts are of requests decided by share but for {@code decidedElsewhere}.
     *
     * @param keysAtLeast lower bound of the distinct keys
     * @param keysAtMost upper bound of them
     * @param errorKeys distinct keys with an error
     * @param slowKeys distinct keys with a slow answer
     * @param underFault requests under an injected fault
     * @param overflow keys that a sidecar had no room for
     * @param p50Micros median latency, microseconds; 0 when unknown
     * @param p99Micros 99th percentile, microseconds; 0 when unknown
     */
    public record JudgedArm(
            long keysAtLeast,
            long keysAtMost,
            long errorKeys,
            long slowKeys,
            long requests,
            long clientErrors,
            long serverErrors,
            long resets,
            long timeouts,
            long cancelled,
            long underFault,
            long fallbacks,
            long decidedElsewhere,
            long overflow,
            long p50Micros,
            long p99Micros) {
        /** Nothing seen. */
        public static final JudgedArm NONE =
                new JudgedArm(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

        /** Errors of the arm; a caller's own fault counts where the policy says so. */
        public long errors(boolean clientErrorsCount) {
            return serverErrors + resets + timeouts + (clientErrorsCount ? clientErrors : 0);
        }

        /** For the verdict and for people. */
        public Verdict.ArmTotals totals(boolean clientErrorsCount) {
            return new Verdict.ArmTotals(
                    keysAtLeast,
                    errorKeys,
                    slowKeys,
                    requests,
                    errors(clientErrorsCount),
                    p50Micros,
                    p99Micros);
        }
    }

    /**
     * What was recorded of the legacy arm of one gate on purpose.
     *
     * @param own of requests that the gate decided by share
     * @param carried of requests whose decision was carried to it
     * @param source which baseline, of when and by whom, for people
     */
    public record Recorded(GateName gate, JudgedArm own, JudgedArm carried, String source) {}

    /**
     * What the legacy arm did while it still had a share, all steps of the ramp together.
     *
     * @param keys distinct keys, added up over the steps
     * @param errorKeys keys with an error, likewise
     * @param p99Micros the highest of the steps, microseconds; 0 when unknown
     */
    public record Baseline(long keys, long errorKeys, long requests, long errors, long p99Micros) {
        /** Of the verdicts that ended the steps of a ramp; empty when legacy answered nothing. */
        public static Optional<Baseline> of(List<Verdict> steps) {
            long keys = 0;
            long errorKeys = 0;
            long requests = 0;
            long errors = 0;
            long p99Micros = 0;
            for (Verdict verdict : steps) {
                Verdict.ArmTotals legacy = verdict.legacy();
                keys += legacy.keys();
                errorKeys += legacy.errorKeys();
                requests += legacy.requests();
                errors += legacy.errors();
                p99Micros = Math.max(p99Micros, legacy.p99Micros());
            }
            return requests == 0
                    ? Optional.empty()
                    : Optional.of(new Baseline(keys, errorKeys, requests, errors, p99Micros));
        }
    }
}
