package dev.sluice.control.xds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.NodeName;
import dev.sluice.contract.ServiceName;
import dev.sluice.control.change.spec.NodeSpec;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeProofTest {
    private static final NodeProof RULE =
            NodeProof.parse("spiffe://corp/ns/shop/sa/{service}").orThrow();

    @Test
    void a_certificate_of_the_nodes_service_proves_it_and_no_other_does() {
        NodeSpec node = node(Optional.of(new ServiceName("orders")));

        assertThat(peer("spiffe://corp/ns/shop/sa/orders").contradicts(node)).isEmpty();
        assertThat(peer("spiffe://corp/ns/shop/sa/customers").contradicts(node))
                .hasValueSatisfying(problem ->
                        assertThat(problem.message())
                                .contains("nodes/web-1", "customers", "sa/orders"));
        assertThat(new ProvenPeer(RULE, Optional.empty()).contradicts(node)).isPresent();
        assertThat(peer("spiffe://corp/ns/shop/sa/orders").contradicts(node(Optional.empty())))
                .as("a node that does not say its service")
                .isPresent();
    }

    @Test
    void without_a_rule_whoever_is_let_in_is_believed() {
        assertThat(
                        new ProvenPeer(new NodeProof.Believed(), Optional.empty())
                                .contradicts(node(Optional.empty())))
                .isEmpty();
    }

    @Test
    void a_rule_names_the_service_or_the_node_in_a_spiffe_id() {
        assertThat(NodeProof.parse("spiffe://corp/{node}").toOptional()).isPresent();
        for (String wrong :
                List.of("spiffe://corp/ns/shop", "https://corp/{node}", "spiffe://corp/{n}", "")) {
            assertThat(NodeProof.parse(wrong).problems()).as(wrong).hasSize(1);
        }
    }

    private static ProvenPeer peer(String id) {
        return new ProvenPeer(RULE, Optional.of(id));
    }

    private static NodeSpec node(Optional<ServiceName> service) {
        return new NodeSpec(
                new NodeName("web-1"),
                "orders",
                service,
                Optional.empty(),
                NodeSpec.Kind.ENVOY,
                "envoy 1.40.0",
                0,
                "");
    }
}
