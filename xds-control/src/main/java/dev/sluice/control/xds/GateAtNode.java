package dev.sluice.control.xds;

import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.evidence.AppliedGates;
import java.time.Instant;
import java.util.Optional;

/**
 * One gate at a node. Immutable.
 *
 * @param node what it last said of itself
 * @param lastSeen when it connected or was last heard
 * @param applied revision that it reports to decide by
 * @param refusal why it refused what it was sent of the gate last
 */
public record GateAtNode(
        NodeSpec node,
        Instant lastSeen,
        Optional<AppliedGates.Applied> applied,
        Optional<String> refusal) {}
