package dev.sluice.proxy.xds;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.sluice.contract.gate.Gate;
import dev.sluice.proxy.resource.BootstrapSpec;
import io.envoyproxy.envoy.config.core.v3.BuildVersion;
import io.envoyproxy.envoy.config.core.v3.Locality;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.type.v3.SemanticVersion;

/**
 * Who this proxy is to a management server: what the bootstrap says, and what it knows of gates.
 * Stateless.
 */
final class NodeIdentity {
    private static final String METADATA = "sluice";
    private static final String CONTRACT = "gate_contract_version";

    private NodeIdentity() {}

    static Node of(BootstrapSpec.Node node) {
        Struct said =
                node
                        .metadata()
                        .getFieldsOrDefault(METADATA, Value.getDefaultInstance())
                        .getStructValue()
                        .toBuilder()
                        .putFields(
                                CONTRACT,
                                Value.newBuilder().setNumberValue(Gate.CONTRACT_VERSION).build())
                        .build();
        return Node.newBuilder()
                .setId(node.id())
                .setCluster(node.cluster())
                .setMetadata(
                        node.metadata().toBuilder()
                                .putFields(
                                        METADATA, Value.newBuilder().setStructValue(said).build()))
                .setLocality(
                        Locality.newBuilder()
                                .setRegion(node.locality().region())
                                .setZone(node.locality().zone())
                                .setSubZone(node.locality().subZone()))
                .setUserAgentName("sluice")
                .setUserAgentBuildVersion(
                        BuildVersion.newBuilder()
                                .setVersion(SemanticVersion.newBuilder().setMinorNumber(1)))
                .build();
    }
}
