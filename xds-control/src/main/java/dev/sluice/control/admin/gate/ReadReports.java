package dev.sluice.control.admin.gate;

import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.control.orchestrate.NodeState;
import dev.sluice.control.orchestrate.NodeStates;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What nodes report, where that of some gates was read once, in one walk over the nodes.
 * Thread-safe.
 */
final class ReadReports implements NodeStates {
    private final NodeStates states;
    private final Map<GateName, Map<NodeName, NodeState.GateReport>> read;

    private ReadReports(
            NodeStates states, Map<GateName, Map<NodeName, NodeState.GateReport>> read) {
        this.states = states;
        this.read = read;
    }

    /** Reads that of these gates. */
    static ReadReports of(NodeStates states, Set<GateName> gates) {
        return new ReadReports(states, Map.copyOf(states.reports(gates)));
    }

    @Override
    public Map<GateName, Map<NodeName, NodeState.GateReport>> reports(Set<GateName> gates) {
        Map<GateName, Map<NodeName, NodeState.GateReport>> asked = new HashMap<>();
        gates.forEach(gate -> asked.put(gate, read.getOrDefault(gate, Map.of())));
        return asked;
    }

    @Override
    public long version(GateName gate) {
        return states.version(gate);
    }

    @Override
    public Optional<NodeState> node(NodeName name) {
        return states.node(name);
    }

    @Override
    public long version(NodeName name) {
        return states.version(name);
    }

    @Override
    public Collection<NodeState> nodes() {
        return states.nodes();
    }

    @Override
    public Watch watch(Runnable listener) {
        return states.watch(listener);
    }
}
