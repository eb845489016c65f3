package dev.sluice.control.admin.structure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.v1.Node;
import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.MemoryEventStore;
import dev.sluice.control.change.Principal;
import dev.sluice.control.governance.Governance;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.orchestrate.NodeState;
import dev.sluice.control.orchestrate.NodeStates;
import dev.sluice.control.path.ChangePath;
import dev.sluice.control.path.Outcome;
import dev.sluice.control.path.Published;
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

class NodeBoardTest {
    private final ChangePath path =
            ChangePath.open(
                    new MemoryEventStore(),
                    Governance.embedded(),
                    new Published(),
                    () -> FleetReport.SILENT,
                    Runnable::run);
    private final Reports reports = new Reports();
    private final NodeBoard board = new NodeBoard(reports);

    @BeforeEach
    void two_nodes() {
        give(new Command.CreateService(Fixtures.service("orders")));
        give(new Command.RegisterNode(Fixtures.node("a", "orders")), Principal.NODES);
        give(new Command.RegisterNode(Fixtures.node("b", "orders")), Principal.NODES);
        reports.say("a", Instant.EPOCH, "none");
        reports.say("b", Instant.EPOCH, "none");
    }

    @Test
    void a_report_of_one_node_has_that_one_written_and_no_other() {
        Map<String, Node> before = all();
        reports.read.clear();
        reports.say("b", Instant.EPOCH, "no trip");
        give(new Command.CreateCohort(Fixtures.cohort("beta", "alice")));
        Map<String, Node> after = all();

        assertThat(before.keySet()).containsExactly("nodes/a", "nodes/b");
        assertThat(reports.read).containsExactly("b");
        assertThat(node(after, "a")).isSameAs(node(before, "a"));
        assertThat(node(after, "b").getLimitationsList()).containsExactly("no trip");
    }

    @Test
    void that_a_node_was_heard_again_is_no_change() {
        Map<String, Node> before = all();
        reports.say("a", Instant.EPOCH.plusSeconds(9), "none");

        assertThat(node(all(), "a")).isSameAs(node(before, "a"));

        reports.say("a", Instant.EPOCH.plusSeconds(10), "no trip");
        assertThat(node(all(), "a").getLastSeenTime().getSeconds())
                .as("it is told with the next change")
                .isEqualTo(10);
    }

    @Test
    void what_the_log_says_of_a_node_is_told_without_a_report() {
        Map<String, Node> before = all();
        give(new Command.NodeLost(new NodeName("a")), Principal.NODES);
        give(new Command.NodeLeft(new NodeName("b")), Principal.NODES);
        give(new Command.ForgetNode(new NodeName("b")));
        Map<String, Node> after = all();

        assertThat(node(before, "a").getConnection()).isEqualTo(Node.Connection.CONNECTED);
        assertThat(after.keySet()).containsExactly("nodes/a");
        assertThat(node(after, "a").getConnection()).isEqualTo(Node.Connection.LOST);
    }

    @Test
    void what_a_report_says_by_services_and_gates_is_read_again_when_those_change() {
        Map<String, Node> before = all();
        reports.sayUnheard("a", "buckets are not salted");
        give(new Command.CreateService(Fixtures.service("more")));
        Map<String, Node> after = all();

        assertThat(node(after, "a").getLimitationsList()).containsExactly("buckets are not salted");
        assertThat(node(after, "b")).isSameAs(node(before, "b"));
    }

    private static Node node(Map<String, Node> all, String id) {
        return Objects.requireNonNull(all.get("nodes/" + id));
    }

    private Map<String, Node> all() {
        return board.all(path.feed().latest());
    }

    private void give(Command command) {
        give(command, Fixtures.ADMIN);
    }

    private void give(Command command, Principal by) {
        assertThat(path.submit(command, Fixtures.by(by)).join())
                .isInstanceOf(Outcome.Accepted.class);
    }

    /** What nodes say, and which of them was read. For one thread. */
    private static final class Reports implements NodeStates {
        private final Map<NodeName, NodeState> states = new HashMap<>();
        private final Map<NodeName, Long> versions = new HashMap<>();
        private final List<String> read = new ArrayList<>();

        void say(String id, Instant heard, String limitation) {
            var name = new NodeName(id);
            states.put(name, new NodeState(name, heard, List.of(limitation), List.of(), List.of()));
            versions.merge(name, 1L, Long::sum);
        }

        /** The same from a changed catalog. */
        void sayUnheard(String id, String limitation) {
            var name = new NodeName(id);
            states.put(
                    name,
                    new NodeState(name, Instant.EPOCH, List.of(limitation), List.of(), List.of()));
        }

        @Override
        public Optional<NodeState> node(NodeName name) {
            read.add(name.nodeId());
            return Optional.ofNullable(states.get(name));
        }

        @Override
        public long version(NodeName name) {
            return versions.getOrDefault(name, 0L);
        }

        @Override
        public Collection<NodeState> nodes() {
            return states.values();
        }

        @Override
        public Map<GateName, Map<NodeName, NodeState.GateReport>> reports(Set<GateName> gates) {
            return Map.of();
        }

        @Override
        public long version(GateName gate) {
            return 0;
        }

        @Override
        public Watch watch(Runnable listener) {
            return () -> {};
        }
    }
}
