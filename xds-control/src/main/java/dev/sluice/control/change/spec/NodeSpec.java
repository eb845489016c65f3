package dev.sluice.control.change.spec;

import dev.sluice.contract.NodeName;
import dev.sluice.contract.ServiceName;
import dev.sluice.contract.VersionName;
import java.util.List;
import java.util.Optional;

/**
 * What a node says of itself when it connects. Immutable.
 *
 * @param cluster xDS cluster of the node; may be empty
 * @param service service that it stands beside, when known
 * @param version version that it stands beside, when known
 * @param userAgent name and version, such as {@code envoy 1.40.0}
 * @param gateContractVersion highest gate-contract version it knows; 0 for stock proxies
 * @param bindAddress address on which its listeners bind; empty for each service's own
 * @param labels its own, and {@code region}, {@code zone} and {@code sub_zone} of its xDS locality;
 *     by key
 */
public record NodeSpec(
        NodeName name,
        String cluster,
        Optional<ServiceName> service,
        Optional<VersionName> version,
        Kind kind,
        String userAgent,
        int gateContractVersion,
        String bindAddress,
        @AddedLater List<NodeLabel> labels) {
    public NodeSpec {
        labels = labels.stream().sorted().toList();
    }

    /** Without labels. */
    public NodeSpec(
            NodeName name,
            String cluster,
            Optional<ServiceName> service,
            Optional<VersionName> version,
            Kind kind,
            String userAgent,
            int gateContractVersion,
            String bindAddress) {
        this(
                name,
                cluster,
                service,
                version,
                kind,
                userAgent,
                gateContractVersion,
                bindAddress,
                List.of());
    }

    /** Whether it says this of itself. */
    public boolean has(String key, String value) {
        return labels.contains(new NodeLabel(key, value));
    }

    /** What it is. */
    public enum Kind {
        /** A Sluice proxy: full gates. */
        SLUICE,
        /** Stock Envoy: weighted clusters. */
        ENVOY,
        /** gRPC without a proxy. */
        GRPC
    }
}
