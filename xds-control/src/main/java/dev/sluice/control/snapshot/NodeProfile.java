package dev.sluice.control.snapshot;

import dev.sluice.contract.ServiceName;
import dev.sluice.contract.VersionName;
import dev.sluice.control.change.spec.NodeSpec;
import java.util.Optional;

/**
 * Everything about a node that its structure depends on; nodes of equal profile share one rendered
 * structure. Immutable.
 *
 * @param kind what it is
 * @param service service that it stands beside; empty when unknown, and then it gets nothing
 * @param version version that it stands beside; empty for an edge
 * @param bindAddress address on which its listeners bind; empty for each service's own
 */
public record NodeProfile(
        NodeSpec.Kind kind,
        Optional<ServiceName> service,
        Optional<VersionName> version,
        String bindAddress) {
    public static NodeProfile of(NodeSpec node) {
        return new NodeProfile(node.kind(), node.service(), node.version(), node.bindAddress());
    }
}
