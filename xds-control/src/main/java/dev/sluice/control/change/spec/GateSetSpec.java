package dev.sluice.control.change.spec;

import dev.sluice.contract.GateName;
import dev.sluice.contract.GateSetName;
import java.util.List;

/**
 * What a person says of a gate set: gates that share one salt, modes and share. Immutable.
 *
 * @param gates 1..100, no duplicates, each in no other set
 */
public record GateSetSpec(GateSetName name, Description description, List<GateName> gates) {
    public GateSetSpec {
        gates = List.copyOf(gates);
    }
}
