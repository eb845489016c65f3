package dev.sluice.control.evidence;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.GateRevision;

/** What both arms of a gate did under one revision. Immutable. */
public record GateEvidence(
        GateName gate, GateRevision revision, ArmEvidence legacy, ArmEvidence fresh) {
    /** Whether any request was decided by share: whether there is anything to judge. */
    public boolean isJudged() {
        return legacy.share().requests() + fresh.share().requests() > 0;
    }

    /** Whether requests came, and every one was decided elsewhere or by a rule. */
    public boolean isCarriedOnly() {
        return !isJudged() && legacy.other().requests() + fresh.other().requests() > 0;
    }
}
