package dev.sluice.proxy.resource;

import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.Optional;

/**
 * What the command line says of the node, so that many processes may share one bootstrap file
 * (Envoy's {@code --service-node}, {@code --service-cluster}, {@code --service-zone}). Each wins
 * over {@code node} of the bootstrap; empty: the bootstrap's holds. Immutable.
 *
 * @param id {@code node.id}
 * @param cluster {@code node.cluster}
 * @param zone {@code node.locality.zone}
 */
public record NodeNames(Optional<String> id, Optional<String> cluster, Optional<String> zone) {
    /** The bootstrap says all. */
    public static final NodeNames OF_BOOTSTRAP =
            new NodeNames(Optional.empty(), Optional.empty(), Optional.empty());

    /** The bootstrap with these in their places. */
    Bootstrap in(Bootstrap bootstrap) {
        if (equals(OF_BOOTSTRAP)) {
            return bootstrap;
        }
        Node.Builder node = bootstrap.getNode().toBuilder();
        id.ifPresent(node::setId);
        cluster.ifPresent(node::setCluster);
        zone.ifPresent(node.getLocalityBuilder()::setZone);
        return bootstrap.toBuilder().setNode(node).build();
    }
}
