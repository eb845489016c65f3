package dev.sluice.control.orchestrate;

import dev.sluice.control.catalog.Baseline;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Ramp;
import dev.sluice.control.change.JudgedStep;
import dev.sluice.control.change.JudgedStep.Recorded;
import dev.sluice.control.change.Recording;
import java.util.List;
import java.util.Optional;

/**
 * What is known of LEGACY for a step at which it has no share: what was recorded on purpose where
 * the ramp names it, else what its own steps tell, or those of the ramp before. Stateless.
 */
final class LegacyBefore {
    private LegacyBefore() {}

    /** From the steps; empty where a baseline is named. */
    static Optional<JudgedStep.Baseline> ofSteps(Catalog catalog, Ramp ramp) {
        if (ramp.spec().judge().baseline().isPresent()) {
            return Optional.empty();
        }
        return JudgedStep.Baseline.of(
                ramp.spec()
                        .baseline()
                        .flatMap(catalog::ramp)
                        .map(Ramp::history)
                        .orElse(ramp.history()));
    }

    /** From the baseline that is named; only where legacy has no share. */
    static List<Recorded> recorded(Catalog catalog, Ramp ramp) {
        return ramp
                .spec()
                .judge()
                .baseline()
                .filter(_ -> ramp.currentStep().share().isAll())
                .flatMap(catalog::baseline)
                .stream()
                .flatMap(baseline ->
                        baseline.recording().gates().stream().map(gate -> of(baseline, gate)))
                .toList();
    }

    private static Recorded of(Baseline baseline, Recording.OfGate gate) {
        return new Recorded(
                gate.gate(),
                gate.own().arm(),
                gate.carried().arm(),
                baseline.name()
                        + " of "
                        + baseline.recording().time()
                        + " by "
                        + baseline.recorder().name()
                        + ", revision "
                        + gate.revision());
    }
}
