package dev.sluice.control.admin.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.GateChange;
import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.MemoryEventStore;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.governance.Governance;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.orchestrate.NodeState;
import dev.sluice.control.orchestrate.NodeStates;
import dev.sluice.control.path.ChangePath;
import dev.sluice.control.path.Outcome;
import dev.sluice.control.path.Published;
import dev.sluice.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GateBoardTest {
    private static final GateName ORDERS = new GateName("orders");
    private static final GateName USERS = new GateName("users");

    private final ManualClock clock = new ManualClock();
    private final ChangePath path =
            ChangePath.open(
                    new MemoryEventStore(),
                    Governance.embedded(),
                    new Published(),
                    () -> FleetReport.SILENT,
                    Runnable::run);
    private final Reports reports = new Reports();
    private final GateBoard board = new GateBoard(reports, clock, Set.of());

    @BeforeEach
    void two_gates_at_two_nodes() {
        give(new Command.CreateService(Fixtures.service("shop")));
        give(new Command.CreateVersion(Fixtures.version("shop", "v1")));
        give(new Command.CreateVersion(Fixtures.version("shop", "v2")));
        give(new Command.CreateGate(Fixtures.gate("orders", "shop", 0)));
        give(new Command.CreateGate(Fixtures.gate("users", "shop", 0)));
        give(new Command.RegisterNode(Fixtures.node("a", "shop")), Principal.NODES);
        give(new Command.RegisterNode(Fixtures.node("b", "shop")), Principal.NODES);
        for (String node : List.of("a", "b")) {
            reports.hold(node, ORDERS);
            reports.hold(node, USERS);
        }
    }

    @Test
    void what_a_node_says_of_one_gate_has_that_one_counted_and_written_and_no_other() {
        Map<String, GateChange> before = all();
        reports.counted.clear();
        reports.apply("a", ORDERS, catalog());
        Map<String, GateChange> after = all();

        assertThat(before.keySet()).containsExactly("gates/orders", "gates/users");
        assertThat(gate(before, "orders").getRollout().getNodes()).isEqualTo(2);
        assertThat(gate(before, "orders").getRollout().getApplied()).isEqualTo(0);
        assertThat(reports.counted).containsExactly(Set.of(ORDERS));
        assertThat(gate(after, "orders").getRollout().getApplied()).isEqualTo(1);
        assertThat(change(after, "users")).isSameAs(change(before, "users"));
    }

    @Test
    void a_gate_that_changes_is_written_and_counted_for_its_new_revision() {
        reports.apply("a", ORDERS, catalog());
        reports.apply("b", ORDERS, catalog());
        Map<String, GateChange> before = all();
        reports.counted.clear();
        give(new Command.Kill(Fixtures.gateTarget("orders")));
        Map<String, GateChange> after = all();

        assertThat(gate(before, "orders").getRollout().getApplied()).isEqualTo(2);
        assertThat(reports.counted).containsExactly(Set.of(ORDERS));
        assertThat(gate(after, "orders").hasKill()).isTrue();
        assertThat(gate(after, "orders").getRollout().getApplied()).isEqualTo(0);
        assertThat(change(after, "users")).isSameAs(change(before, "users"));
    }

    @Test
    void what_is_neither_said_nor_changed_costs_no_count_and_is_the_same_message() {
        Map<String, GateChange> before = all();
        reports.counted.clear();
        give(new Command.CreateCohort(Fixtures.cohort("beta", "alice")));
        Map<String, GateChange> after = all();

        assertThat(reports.counted).isEmpty();
        assertThat(change(after, "orders")).isSameAs(change(before, "orders"));
    }

    @Test
    void a_report_that_moves_no_count_is_no_change() {
        Map<String, GateChange> before = all();
        reports.hold("a", ORDERS);

        assertThat(change(all(), "orders")).isSameAs(change(before, "orders"));
    }

    @Test
    void a_node_that_left_counts_no_longer_though_nobody_said_anything() {
        all();
        give(new Command.NodeLeft(new NodeName("a")), Principal.NODES);

        assertThat(gate(all(), "orders").getRollout().getNodes()).isEqualTo(1);
    }

    @Test
    void time_alone_makes_a_gate_stale() {
        Instant end = clock.instant().plus(Duration.ofHours(1));
        GateSpec expiring = Fixtures.gate("brief", "shop", 0);
        give(
                new Command.CreateGate(
                        new GateSpec(
                                expiring.content(),
                                Description.NONE,
                                Optional.of(end),
                                Optional.empty())));
        Map<String, GateChange> before = all();
        reports.counted.clear();
        clock.advance(Duration.ofHours(2));
        Map<String, GateChange> after = all();

        assertThat(gate(before, "brief").getStaleList()).isEmpty();
        assertThat(gate(after, "brief").getStaleList()).containsExactly("it has expired at " + end);
        assertThat(reports.counted).containsExactly(Set.of(new GateName("brief")));
    }

    @Test
    void who_asks_for_some_gates_hears_of_these_and_others_are_not_counted() {
        var some = new GateBoard(reports, clock, Set.of(USERS));

        assertThat(some.all(catalog()).keySet()).containsExactly("gates/users");
        assertThat(reports.counted).containsExactly(Set.of(USERS));
    }

    @Test
    void a_gate_that_is_deleted_is_told_no_more() {
        all();
        give(new Command.DeleteGate(USERS));

        assertThat(all().keySet()).containsExactly("gates/orders");
    }

    private static GateChange change(Map<String, GateChange> all, String id) {
        return Objects.requireNonNull(all.get("gates/" + id));
    }

    private static Gate gate(Map<String, GateChange> all, String id) {
        return change(all, id).getGate();
    }

    private Catalog catalog() {
        return path.feed().latest();
    }

    private Map<String, GateChange> all() {
        return board.all(catalog());
    }

    private void give(Command command) {
        give(command, Fixtures.ADMIN);
    }

    private void give(Command command, Principal by) {
        assertThat(path.submit(command, Fixtures.by(by)).join())
                .isInstanceOf(Outcome.Accepted.class);
    }

    /** What nodes say, and of which gates that was read. For one thread. */
    private static final class Reports implements NodeStates {
        private final Map<GateName, Map<NodeName, NodeState.GateReport>> states = new HashMap<>();
        private final Map<GateName, Long> versions = new HashMap<>();
        private final List<Set<GateName>> counted = new ArrayList<>();

        void hold(String node, GateName gate) {
            say(
                    node,
                    new NodeState.GateReport(
                            gate, Optional.empty(), Optional.empty(), 0, Optional.empty()));
        }

        void apply(String node, GateName gate, Catalog catalog) {
            say(
                    node,
                    new NodeState.GateReport(
                            gate,
                            Optional.of(catalog.gate(gate).orElseThrow().revision()),
                            Optional.of(Instant.EPOCH),
                            0,
                            Optional.empty()));
        }

        private void say(String node, NodeState.GateReport report) {
            states.computeIfAbsent(report.gate(), _ -> new HashMap<>())
                    .put(new NodeName(node), report);
            versions.merge(report.gate(), 1L, Long::sum);
        }

        @Override
        public Optional<NodeState> node(NodeName name) {
            return Optional.empty();
        }

        @Override
        public long version(NodeName name) {
            return 0;
        }

        @Override
        public Collection<NodeState> nodes() {
            return List.of();
        }

        @Override
        public Map<GateName, Map<NodeName, NodeState.GateReport>> reports(Set<GateName> gates) {
            counted.add(Set.copyOf(gates));
            Map<GateName, Map<NodeName, NodeState.GateReport>> asked = new HashMap<>(states);
            asked.keySet().retainAll(gates);
            return asked;
        }

        @Override
        public long version(GateName gate) {
            return versions.getOrDefault(gate, 0L);
        }

        @Override
        public Watch watch(Runnable listener) {
            return () -> {};
        }
    }
}
