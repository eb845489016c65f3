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
     * What a later report says, with all that is equal kept as it is: most reports of a large fleet
     * say nothing new, and are to leave nothing behind.
     */
    public AppliedGates next(Map<GateName, Applied> reported) {
        if (reported.equals(byName)) {
            return this;
        }
        Map<GateName, Applied> next = HashMap.newHashMap(reported.size());
        Map<GateName, GateRevision> revised = HashMap.newHashMap(reported.size());
        reported.forEach((gate, now) -> {
            Applied before = byName.getOrDefault(gate, now);
            Applied kept = now.equals(before) ? before : now;
            next.put(gate, kept);
            revised.put(gate, kept.revision());
        });
        return new AppliedGates(next, revised);
    }
}
