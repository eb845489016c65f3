package dev.sluice.control.change.spec;

import dev.sluice.contract.GateName;
import dev.sluice.contract.GateSetName;
import dev.sluice.contract.PartsPerMillion;
import java.util.List;

/**
 * What a person says of a gate set: gates that share one salt, modes and share. Immutable.
 *
 * @param gates 1..100, no duplicates, each in no other set
 * @param prerequisites what must have come some way before it goes further; 0..16
 */
public record GateSetSpec(
        GateSetName name,
        Description description,
        List<GateName> gates,
        @AddedLater List<Prerequisite> prerequisites) {
    public GateSetSpec {
        gates = List.copyOf(gates);
        prerequisites = List.copyOf(prerequisites);
    }

    /** Without prerequisites. */
    public GateSetSpec(GateSetName name, Description description, List<GateName> gates) {
        this(name, description, gates, List.of());
    }

    /**
     * The set goes above a share only when another has one.
     *
     * @param of a gate of no set, or another set
     * @param above share up to which this set is free; below 100 %
     * @param atLeast share that the other must have; above 0
     */
    public record Prerequisite(ShareTarget of, PartsPerMillion above, PartsPerMillion atLeast) {}
}
