package dev.sluice.control.xds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.spec.NodeLabel;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.evidence.EvidenceTotals;
import dev.sluice.control.lifecycle.structure.StructureAtNode;
import dev.sluice.replica.v1.NodeReport;
import dev.sluice.testkit.ManualClock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What a replica tells the leader of its nodes. */
final class NodeReportsTest {
    private static final NodeSpec NODE =
            new NodeSpec(
                    new NodeName("c-1"),
                    "web",
                    Optional.of(Fixtures.serviceName("web")),
                    Optional.empty(),
                    NodeSpec.Kind.ENVOY,
                    "envoy 1.40",
                    0,
                    "",
                    List.of(new NodeLabel("zone", "a")));
    private static final StructureAtNode STRUCTURE =
            new StructureAtNode(
                    OptionalLong.of(41),
                    List.of(new StructureAtNode.Refused(40, "cluster: no such cipher")));

    @Test
    void a_report_reads_back_as_it_was_told() {
        NodeView view =
                new NodeView(
                        NODE,
                        true,
                        ManualClock.START,
                        List.of(new TypeAtNode("type", "3", "2", "no", List.of("withheld"))),
                        Map.of(),
                        Map.of(new GateName("g"), "no"));

        NodeReport report = NodeReports.write(view, OptionalLong.of(39), STRUCTURE);

        assertThat(NodeReports.spec(report)).isEqualTo(NODE);
        assertThat(NodeReports.told(report))
                .isEqualTo(
                        new NodeReports.Told(
                                OptionalLong.of(39), STRUCTURE, view.types(), view.refusals()));
    }

    @Test
    void the_leader_knows_what_nodes_of_others_have() {
        var ledger = new NodeLedger(new ManualClock(), new Told());
        var xds =
                new XdsServer(
                        ledger, new EvidenceTotals(), new NodeProof.Believed(), new ManualClock());
        try (xds) {
            NodeView view =
                    new NodeView(NODE, true, ManualClock.START, List.of(), Map.of(), Map.of());
            xds.remote().told("other", NodeReports.write(view, OptionalLong.of(39), STRUCTURE));

            assertThat(xds.fleet().structure().apply(NODE.name())).isEqualTo(STRUCTURE);
            assertThat(xds.fleet().structure().apply(new NodeName("nobody")))
                    .isEqualTo(StructureAtNode.SILENT);
            xds.remote().gone("other");
            assertThat(xds.fleet().structure().apply(NODE.name()).settled()).isEmpty();
        }
    }
}
