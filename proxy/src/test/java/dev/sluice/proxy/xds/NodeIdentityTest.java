package dev.sluice.proxy.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.sluice.contract.gate.Gate;
import dev.sluice.proxy.resource.BootstrapSpec;
import io.envoyproxy.envoy.config.core.v3.Node;
import org.junit.jupiter.api.Test;

class NodeIdentityTest {
    @Test
    void says_what_the_bootstrap_says_and_which_gates_it_knows() {
        Struct own =
                Struct.newBuilder()
                        .putFields("service", Value.newBuilder().setStringValue("s").build())
                        .build();
        Struct metadata =
                Struct.newBuilder()
                        .putFields("sluice", Value.newBuilder().setStructValue(own).build())
                        .putFields("team", Value.newBuilder().setStringValue("t").build())
                        .build();

        Node node =
                NodeIdentity.of(
                        new BootstrapSpec.Node(
                                "n", "c", metadata, new BootstrapSpec.Locality("r", "z", "s")));

        assertThat(node.getId()).isEqualTo("n");
        assertThat(node.getLocality().getZone()).isEqualTo("z");
        assertThat(node.getMetadata().getFieldsOrThrow("team").getStringValue()).isEqualTo("t");
        Struct said = node.getMetadata().getFieldsOrThrow("sluice").getStructValue();
        assertThat(said.getFieldsOrThrow("service").getStringValue()).isEqualTo("s");
        assertThat(said.getFieldsOrThrow("gate_contract_version").getNumberValue())
                .isEqualTo(Gate.CONTRACT_VERSION);
    }
}
