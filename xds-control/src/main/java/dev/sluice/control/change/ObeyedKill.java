package dev.sluice.control.change;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.change.spec.NodeSpec;

/**
 * A kill by which a sidecar decides, as it reports. The log does not have it when the control plane
 * that published it died before it could be recorded. Immutable.
 *
 * @param node as it says of itself on its xDS streams
 * @param revision of the gate, killed
 * @param order what the kill says of itself: who gave it, and why; a sidecar's word for it
 */
public record ObeyedKill(NodeSpec node, GateName gate, GateRevision revision, String order) {
    private static final int LONGEST = 1_024;

    /** What the audit is to say. */
    public String reason() {
        String whole =
                "%s obeys it as %s and the log did not have it: %s"
                        .formatted(node.name().id(), revision, order);
        return whole.substring(0, Math.min(whole.length(), LONGEST));
    }
}
