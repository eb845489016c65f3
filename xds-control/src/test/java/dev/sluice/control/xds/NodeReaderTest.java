package dev.sluice.control.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.spec.NodeLabel;
import dev.sluice.control.change.spec.NodeSpec;
import io.envoyproxy.envoy.config.core.v3.BuildVersion;
import io.envoyproxy.envoy.config.core.v3.Locality;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.type.v3.SemanticVersion;
import org.junit.jupiter.api.Test;

final class NodeReaderTest {
    @Test
    void a_stock_proxy_stands_beside_the_service_that_its_cluster_names() {
        NodeSpec node =
                read(
                        Nodes.envoy("web-1").toBuilder()
                                .setUserAgentBuildVersion(
                                        BuildVersion.newBuilder()
                                                .setVersion(
                                                        SemanticVersion.newBuilder()
                                                                .setMajorNumber(1)
                                                                .setMinorNumber(40)))
                                .build());

        assertThat(node.kind()).isEqualTo(NodeSpec.Kind.ENVOY);
        assertThat(node.service()).contains(Fixtures.serviceName("web"));
        assertThat(node.version()).isEmpty();
        assertThat(node.userAgent()).isEqualTo("envoy 1.40.0");
        assertThat(node.gateContractVersion()).isZero();
    }

    @Test
    void a_sluice_node_says_what_it_knows_and_where_it_stands() {
        Node.Builder node = Nodes.sluice("web-1", 1).toBuilder().setUserAgentVersion("0.1");
        Struct.Builder said =
                node.getMetadataBuilder().getFieldsOrThrow("sluice").getStructValue().toBuilder()
                        .putFields("service", text("services/orders"))
                        .putFields("version", text("services/orders/versions/v1"))
                        .putFields("bind_address", text("127.0.0.9"));
        node.getMetadataBuilder()
                .putFields("sluice", Value.newBuilder().setStructValue(said).build());

        NodeSpec read = read(node.build());

        assertThat(read.kind()).isEqualTo(NodeSpec.Kind.SLUICE);
        assertThat(read.gateContractVersion()).isEqualTo(1);
        assertThat(read.service()).contains(Fixtures.serviceName("orders"));
        assertThat(read.version()).contains(Fixtures.versionName("orders", "v1"));
        assertThat(read.bindAddress()).isEqualTo("127.0.0.9");
        assertThat(read.cluster()).isEqualTo("web");
        assertThat(read.userAgent()).isEqualTo("sluice 0.1");
    }

    @Test
    void labels_are_those_of_the_metadata_and_of_the_locality() {
        Node.Builder node =
                Nodes.sluice("web-1", 1).toBuilder()
                        .setLocality(Locality.newBuilder().setRegion("eu").setZone("eu-1a"));
        Struct labels =
                Struct.newBuilder()
                        .putFields("tier", text("gold"))
                        .putFields("zone", text("said otherwise"))
                        .putFields("number", Value.newBuilder().setNumberValue(1).build())
                        .build();
        Struct.Builder said =
                node.getMetadataBuilder().getFieldsOrThrow("sluice").getStructValue().toBuilder()
                        .putFields("labels", Value.newBuilder().setStructValue(labels).build());
        node.getMetadataBuilder()
                .putFields("sluice", Value.newBuilder().setStructValue(said).build());

        assertThat(read(node.build()).labels())
                .containsExactly(
                        new NodeLabel("region", "eu"),
                        new NodeLabel("tier", "gold"),
                        new NodeLabel("zone", "eu-1a"));
    }

    @Test
    void grpc_without_a_proxy_is_known_by_its_name() {
        Node node = Nodes.envoy("a").toBuilder().setUserAgentName("gRPC C++").build();

        assertThat(read(node).kind()).isEqualTo(NodeSpec.Kind.GRPC);
    }

    @Test
    void a_cluster_that_cannot_be_a_service_leaves_the_service_unknown() {
        assertThat(read(Node.newBuilder().setId("a").setCluster("Web 1").build()).service())
                .isEmpty();
        assertThat(read(Node.newBuilder().setId("a").build()).service()).isEmpty();
    }

    @Test
    void a_node_without_an_id_is_refused() {
        assertThat(NodeReader.read(Node.getDefaultInstance()).problems()).hasSize(1);
    }

    private static NodeSpec read(Node node) {
        return NodeReader.read(node).orThrow();
    }

    private static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }
}
