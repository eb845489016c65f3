package dev.sluice.contract.decide;

import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.Mode;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A decision made once and honoured downstream. Immutable.
 *
 * @param id id of the gate set, or of a gate without a set
 * @param revision revision of the deciding gate; empty for an inline gate
 * @param mode mode of the key
 * @param bucket bucket of the key, 0..999,999; empty where none decided
 */
public record CarriedDecision(
        String id, Optional<GateRevision> revision, Mode mode, OptionalInt bucket) {
    /** What is to be carried on after this gate decided so. */
    public static CarriedDecision of(Gate gate, GateDecision decision) {
        return new CarriedDecision(
                gate.carriedId(), decision.revision(), decision.mode(), decision.bucket());
    }
}
