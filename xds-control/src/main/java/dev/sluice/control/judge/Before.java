package dev.sluice.control.judge;

import dev.sluice.control.change.JudgedStep;
import dev.sluice.control.change.JudgedStep.JudgedArm;
import dev.sluice.control.change.JudgedStep.JudgedGate;
import dev.sluice.control.change.JudgedStep.Recorded;
import java.util.Optional;
import java.util.function.Function;

/**
 * What is known of a legacy arm from before, where it has no share now. Immutable.
 *
 * @param errors of its requests
 * @param p99Micros microseconds; 0 when unknown
 * @param arm all that it did; empty where only the steps of a ramp tell of it
 * @param source of what was recorded on purpose, in brackets; else empty
 */
record Before(Clustered errors, long p99Micros, Optional<JudgedArm> arm, String source) {

    /**
     * Of one gate of a step; what was recorded on purpose goes before what the steps tell. Empty
     * while legacy has a share, and where nothing is known.
     *
     * @param of which of what was recorded: as the keys now judged were decided
     */
    static Optional<Before> of(JudgedStep step, JudgedGate gate, Function<Recorded, JudgedArm> of) {
        if (!step.share().isAll()) {
            return Optional.empty();
        }
        if (step.recorded().isEmpty()) {
            return step.baseline()
                    .map(base ->
                            new Before(
                                    Clustered.errors(base),
                                    base.p99Micros(),
                                    Optional.empty(),
                                    ""));
        }
        return step.recorded().stream()
                .filter(recorded -> recorded.gate().equals(gate.gate()))
                .filter(recorded -> of.apply(recorded).requests() > 0)
                .findFirst()
                .map(recorded -> of(step, of.apply(recorded), recorded.source()));
    }

    private static Before of(JudgedStep step, JudgedArm arm, String source) {
        return new Before(
                Clustered.errors(arm, step.policy().clientErrorsCount()),
                arm.p99Micros(),
                Optional.of(arm),
                " (" + source + ")");
    }

    /** The gate as it is judged now: with this in the place of the legacy arm. */
    JudgedGate beside(JudgedGate gate) {
        return arm.map(legacy -> new JudgedGate(gate.gate(), gate.revision(), legacy, gate.fresh()))
                .orElse(gate);
    }
}
