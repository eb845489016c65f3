package dev.sluice.control.orchestrate;

import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Port: what nodes report beyond the log. Implementations are thread-safe and return at once. */
public interface NodeStates {
    /** What is known of one node; empty when it never connected to this process. */
    Optional<NodeState> node(NodeName name);

    /**
     * A number that is another one whenever something of a node's report has changed, for who keeps
     * what it has read; 0 for a node that {@link #node} knows nothing of. What of a report follows
     * from services, versions, routes and gates changes with those alone.
     */
    long version(NodeName name);

    /** What is known of all nodes. */
    Collection<NodeState> nodes();

    /** What each node that holds a gate, or was sent it, says of it. */
    default Map<NodeName, NodeState.GateReport> reports(GateName gate) {
        return reports(Set.of(gate)).getOrDefault(gate, Map.of());
    }

    /**
     * The same of several gates, in one walk over the nodes; a gate may be absent of which none
     * says anything.
     */
    Map<GateName, Map<NodeName, NodeState.GateReport>> reports(Set<GateName> gates);

    /**
     * A number that is another one whenever something of {@link #reports} has changed for a gate,
     * for who keeps what it has read. Who meets a gate follows from services and routes, and
     * changes with those alone.
     */
    long version(GateName gate);

    /**
     * Calls {@code listener} soon after something of these reports changed, on any thread; many
     * changes may be one call.
     */
    Watch watch(Runnable listener);

    /** A subscription. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }
}
