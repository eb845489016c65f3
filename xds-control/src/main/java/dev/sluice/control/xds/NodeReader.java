package dev.sluice.control.xds;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.ServiceName;
import dev.sluice.contract.VersionName;
import dev.sluice.control.change.spec.NodeLabel;
import dev.sluice.control.change.spec.NodeSpec;
import io.envoyproxy.envoy.config.core.v3.Locality;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.type.v3.SemanticVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a node says of itself in xDS, as our record. Stateless. */
final class NodeReader {
    private static final String METADATA = "sluice";

    private NodeReader() {}

    /**
     * Reads a node and holds it to what was proved of the present call's peer; service names
     * default to the node's cluster, see {@code NodeCapabilities} in the contract.
     */
    static Parsed<NodeSpec> read(Node node) {
        Parsed<NodeSpec> said = NodeName.ofId(node.getId()).map(name -> read(name, node));
        return said.toOptional()
                .flatMap(ProvenPeer.current()::contradicts)
                .map(Parsed::<NodeSpec>refused)
                .orElse(said);
    }

    private static NodeSpec read(NodeName name, Node node) {
        Struct said =
                node.getMetadata()
                        .getFieldsOrDefault(METADATA, Value.getDefaultInstance())
                        .getStructValue();
        int contract =
                (int)
                        said.getFieldsOrDefault("gate_contract_version", Value.getDefaultInstance())
                                .getNumberValue();
        String service = text(said, "service");
        return new NodeSpec(
                name,
                node.getCluster(),
                ServiceName.parse(service.isEmpty() ? "services/" + node.getCluster() : service)
                        .toOptional(),
                Optional.of(text(said, "version"))
                        .filter(version -> !version.isEmpty())
                        .flatMap(version -> VersionName.parse(version).toOptional()),
                kind(node, contract),
                userAgent(node),
                contract,
                text(said, "bind_address"),
                labels(node.getLocality(), said));
    }

    /** A label that is no text is not one; what the locality says goes over the metadata. */
    private static List<NodeLabel> labels(Locality place, Struct said) {
        Map<String, String> labels = new TreeMap<>();
        said.getFieldsOrDefault("labels", Value.getDefaultInstance())
                .getStructValue()
                .getFieldsMap()
                .forEach((key, value) -> labels.put(key, value.getStringValue()));
        Map.of("region", place.getRegion(), "zone", place.getZone(), "sub_zone", place.getSubZone())
                .forEach((key, value) -> {
                    if (!value.isEmpty()) {
                        labels.put(key, value);
                    }
                });
        return labels.entrySet().stream()
                .filter(label -> !label.getKey().isEmpty() && !label.getValue().isEmpty())
                .map(label -> new NodeLabel(label.getKey(), label.getValue()))
                .toList();
    }

    private static String text(Struct said, String field) {
        return said.getFieldsOrDefault(field, Value.getDefaultInstance()).getStringValue();
    }

    private static NodeSpec.Kind kind(Node node, int contract) {
        if (contract > 0) {
            return NodeSpec.Kind.SLUICE;
        }
        return node.getUserAgentName().startsWith("gRPC")
                ? NodeSpec.Kind.GRPC
                : NodeSpec.Kind.ENVOY;
    }

    private static String userAgent(Node node) {
        SemanticVersion version = node.getUserAgentBuildVersion().getVersion();
        String number =
                node.hasUserAgentBuildVersion()
                        ? version.getMajorNumber()
                                + "."
                                + version.getMinorNumber()
                                + "."
                                + version.getPatch()
                        : node.getUserAgentVersion();
        return (node.getUserAgentName() + " " + number).strip();
    }
}
