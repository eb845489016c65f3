package dev.sluice.control.evidence;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.GateRevision;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * The gates by which a sidecar decides, as it last reported. Immutable.
 *
 * @param byName of the gates that it holds
 * @param revisions of the same
 */
public record AppliedGates(Map<GateName, Applied> byName, Map<GateName, GateRevision> revisions) {
    /** A sidecar that has reported nothing. */
    public static final AppliedGates NONE = new AppliedGates(Map.of(), Map.of());

    public AppliedGates {
        byName = Map.copyOf(byName);
        revisions = Map.copyOf(revisions);
    }

    /**
     * A revision that a node decides by.
     *
     * @param time since when, by its clock
     */
    public record Applied(GateRevision revision, Instant time) {}

    /**
     * What a later report says; these very gates when it says nothing new, as most reports of a
     * large fleet do, which are to leave nothing behind.
     *
     * @param reported with what is as before as the object of before
     */
    public AppliedGates next(Map<GateName, Applied> reported) {
        if (reported.equals(byName)) {
            return this;
        }
        Map<GateName, GateRevision> revised = HashMap.newHashMap(reported.size());
        reported.forEach((gate, now) -> revised.put(gate, now.revision()));
        return new AppliedGates(reported, revised);
    }
}
