package dev.sluice.demo.view;

import dev.sluice.admin.v1.Verdict.Outcome;
import dev.sluice.contract.gate.Arm;
import dev.sluice.demo.load.Entry;
import java.util.List;
import java.util.Optional;

/**
 * One step of a ramp as users saw it. Immutable.
 *
 * @param sharePpm share of the step, parts per million
 * @param outcome of the judge's last verdict; {@code OUTCOME_UNSPECIFIED} before the first
 * @param fresh requests that were decided to NEW
 * @param legacy requests that were decided to LEGACY
 * @param undecided requests of which no decision came back
 * @param firstError request that was the first to fail
 */
record Step(
        int sharePpm,
        Outcome outcome,
        StepNumbers fresh,
        StepNumbers legacy,
        StepNumbers undecided,
        Optional<Entry> firstError) {
    static Step of(int sharePpm, Outcome outcome, List<Entry> entries) {
        return new Step(
                sharePpm,
                outcome,
                StepNumbers.of(entries, entry -> isOn(entry, Arm.NEW)),
                StepNumbers.of(entries, entry -> isOn(entry, Arm.LEGACY)),
                StepNumbers.of(entries, entry -> entry.decidedArm().isEmpty()),
                entries.stream().filter(Entry::isError).findFirst());
    }

    private static boolean isOn(Entry entry, Arm arm) {
        return entry.decidedArm().filter(arm::equals).isPresent();
    }
}
