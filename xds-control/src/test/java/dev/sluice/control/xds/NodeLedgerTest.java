package dev.sluice.control.xds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.evidence.AppliedGates;
import dev.sluice.control.evidence.AppliedGates.Applied;
import dev.sluice.control.lifecycle.structure.StructureAtNode;
import dev.sluice.testkit.ManualClock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who keeps what nodes said of a gate reads it again when the gate's version is another. */
class NodeLedgerTest {
    private static final GateName ORDERS = new GateName("orders");
    private static final GateName USERS = new GateName("users");
    private static final NodeSpec WEB = Fixtures.node("web-1", "web");

    private final NodeLedger ledger = new NodeLedger(new ManualClock(), new Told());

    @Test
    void a_report_gives_another_version_to_the_gates_of_which_it_says_something_else() {
        ledger.connected(WEB);
        AppliedGates first = AppliedGates.NONE.next(Map.of(ORDERS, applied(1), USERS, applied(1)));
        ledger.applied(WEB.name(), first);
        long orders = ledger.version(ORDERS);
        long users = ledger.version(USERS);

        ledger.applied(WEB.name(), first.next(Map.of(ORDERS, applied(2), USERS, applied(1))));

        assertThat(ledger.version(ORDERS)).isGreaterThan(orders);
        assertThat(ledger.version(USERS)).isEqualTo(users);

        ledger.applied(WEB.name(), first.next(Map.of(ORDERS, applied(2))));

        assertThat(ledger.version(USERS)).as("held no more").isGreaterThan(users);
    }

    @Test
    void a_report_that_says_nothing_new_and_signs_of_life_change_no_version() {
        var connection = ledger.connected(WEB);
        AppliedGates first = AppliedGates.NONE.next(Map.of(ORDERS, applied(1)));
        ledger.applied(WEB.name(), first);
        long before = ledger.version(ORDERS);

        ledger.applied(WEB.name(), first.next(Map.of(ORDERS, applied(1))));
        ledger.heard(connection);
        ledger.answered(connection, Set.of(ORDERS), "");

        assertThat(ledger.version(ORDERS)).isEqualTo(before);
    }

    @Test
    void a_refusal_and_its_end_are_said_of_the_gate_alone() {
        var connection = ledger.connected(WEB);
        long orders = ledger.version(ORDERS);
        long users = ledger.version(USERS);

        ledger.answered(connection, Set.of(ORDERS), "too new");
        long refused = ledger.version(ORDERS);
        ledger.answered(connection, Set.of(ORDERS), "");

        assertThat(refused).isGreaterThan(orders);
        assertThat(ledger.version(ORDERS)).isGreaterThan(refused);
        assertThat(ledger.version(USERS)).isEqualTo(users);
    }

    @Test
    void who_comes_goes_or_is_forgotten_changes_the_version_of_every_gate() {
        long before = ledger.version(ORDERS);
        var connection = ledger.connected(WEB);
        long come = ledger.version(ORDERS);
        ledger.reported(WEB.name(), "r");
        ledger.goodbye(WEB.name(), "r");
        ledger.disconnected(connection);
        long left = ledger.version(ORDERS);
        ledger.forget(WEB.name());

        assertThat(come).isGreaterThan(before);
        assertThat(left).isGreaterThan(come);
        assertThat(ledger.version(ORDERS)).isGreaterThan(left);
    }

    @Test
    void a_stock_proxy_has_gates_by_its_structure_so_whatever_it_says_may_be_of_any() {
        NodeSpec envoy =
                new NodeSpec(
                        new NodeName("edge-1"),
                        "web",
                        Optional.of(Fixtures.serviceName("web")),
                        Optional.empty(),
                        NodeSpec.Kind.ENVOY,
                        "envoy",
                        0,
                        "");
        var connection = ledger.connected(envoy);
        long before = ledger.version(ORDERS);
        ledger.heard(connection);

        assertThat(ledger.version(ORDERS)).isGreaterThan(before);
    }

    @Test
    void another_replica_that_says_the_same_again_changes_no_version() {
        ledger.told("b", WEB, told(Map.of()));
        long before = ledger.version(ORDERS);
        ledger.told("b", WEB, told(Map.of()));
        long again = ledger.version(ORDERS);
        ledger.told("b", WEB, told(Map.of(ORDERS, "too new")));

        assertThat(again).isEqualTo(before);
        assertThat(ledger.version(ORDERS)).isGreaterThan(before);
    }

    @Test
    void gates_at_a_node_are_those_of_which_it_said_something_among_many_or_few() {
        var connection = ledger.connected(WEB);
        ledger.applied(
                WEB.name(), AppliedGates.NONE.next(Map.of(ORDERS, applied(1), USERS, applied(1))));
        GateName refused = new GateName("refused");
        GateName other = new GateName("other");
        ledger.answered(connection, Set.of(refused), "too new");
        GatesAtNode web = ledger.gates().getFirst();

        assertThat(known(web, Set.of(refused))).containsExactly(refused);
        assertThat(known(web, Set.of(other))).isEmpty();
        assertThat(known(web, Set.of(ORDERS, refused, other)))
                .containsExactlyInAnyOrder(ORDERS, refused);
    }

    private static Set<GateName> known(GatesAtNode node, Set<GateName> of) {
        Set<GateName> known = new HashSet<>();
        node.eachKnown(of, known::add);
        return known;
    }

    private static NodeReports.Told told(Map<GateName, String> refusals) {
        return new NodeReports.Told(
                OptionalLong.empty(), StructureAtNode.SILENT, List.of(), refusals);
    }

    private static Applied applied(long number) {
        return new Applied(new GateRevision(1, number), Instant.ofEpochSecond(number));
    }
}
