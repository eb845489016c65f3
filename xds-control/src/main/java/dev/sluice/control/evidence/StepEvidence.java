package dev.sluice.control.evidence;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.control.change.JudgePolicy;
import java.time.Instant;
import java.util.List;

/**
 * Everything that a verdict on a step is made from, and nothing else: the same evidence makes the
 * same verdict. Immutable.
 *
 * @param step index, from 0
 * @param steps how many the ramp has, over which the error probability is split
 * @param share in force
 * @param time of the verdict
 * @param gates the gates that moved together
 * @param silentNodes live sidecars of these gates that have not reported lately
 */
public record StepEvidence(
        int step,
        int steps,
        PartsPerMillion share,
        JudgePolicy policy,
        Instant time,
        List<GateEvidence> gates,
        int silentNodes) {
    public StepEvidence {
        gates = List.copyOf(gates);
    }
}
