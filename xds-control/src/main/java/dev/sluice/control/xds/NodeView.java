package dev.sluice.control.xds;

import dev.sluice.contract.GateName;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.evidence.AppliedGates;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A node as a snapshot of what is known. Immutable.
 *
 * @param gates revisions that it reports to decide by
 * @param refusals why it refused what it was sent of a gate last
 */
public record NodeView(
        NodeSpec spec,
        boolean connected,
        Instant lastSeen,
        List<TypeAtNode> types,
        Map<GateName, AppliedGates.Applied> gates,
        Map<GateName, String> refusals) {
    /** What is known of one gate at it. */
    public GateAtNode of(GateName gate) {
        return new GateAtNode(
                spec,
                lastSeen,
                Optional.ofNullable(gates.get(gate)),
                Optional.ofNullable(refusals.get(gate)));
    }
}
