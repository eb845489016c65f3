package dev.sluice.control.evidence;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.change.JudgedStep.JudgedGate;

/** What both arms of a gate did under one revision. Immutable. */
public record GateEvidence(
        GateName gate, GateRevision revision, ArmEvidence legacy, ArmEvidence fresh) {
    /** What a verdict is made from. */
    public JudgedGate judged() {
        return new JudgedGate(gate, revision, legacy.judged(), fresh.judged());
    }
}
