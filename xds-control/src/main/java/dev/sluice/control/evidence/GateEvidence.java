package dev.sluice.control.evidence;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.change.JudgedStep.JudgedGate;

/**
 * What both arms of a gate did under one revision. Immutable.
 *
 * @param carriedLegacy what the legacy arm did for decisions carried to it, in the place of those
 *     by share, by bucket in the place of key
 * @param carriedFresh the same of the new arm
 */
public record GateEvidence(
        GateName gate,
        GateRevision revision,
        ArmEvidence legacy,
        ArmEvidence fresh,
        ArmEvidence carriedLegacy,
        ArmEvidence carriedFresh) {
    /** What a verdict is made from. */
    public JudgedGate judged() {
        return new JudgedGate(gate, revision, legacy.judged(), fresh.judged());
    }

    /** What a verdict is made from, of decisions carried to the gate. */
    public JudgedGate judgedCarried() {
        return new JudgedGate(gate, revision, carriedLegacy.judged(), carriedFresh.judged());
    }
}
