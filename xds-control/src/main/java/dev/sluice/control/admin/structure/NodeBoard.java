package dev.sluice.control.admin.structure;

import dev.sluice.admin.v1.Node;
import dev.sluice.contract.NodeName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.orchestrate.NodeStates;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All nodes as they are told to those who watch. A node is written anew where something of it may
 * have changed, and is the same message as before where nothing has, so a change of one node of
 * thousands costs a look at each and the writing of one. Streams that share a board share its
 * messages. A sign of life alone is no change. Thread-safe.
 */
final class NodeBoard {
    private final NodeStates states;
    private Catalog written = Catalog.EMPTY; // guarded by this, as the nodes
    private Map<NodeName, Told> nodes = Map.of();

    NodeBoard(NodeStates states) {
        this.states = states;
    }

    /**
     * A node as it was told last.
     *
     * @param node what the log had of it
     * @param version of its report
     */
    private record Told(dev.sluice.control.catalog.Node node, long version, Node message) {
        boolean holds(dev.sluice.control.catalog.Node other, long newest) {
            return version == newest && node.equals(other);
        }
    }

    /** All nodes by name, in the order of names. */
    synchronized Map<String, Node> all(Catalog catalog) {
        boolean isSameGround = isSameGround(catalog);
        var form = new NodeForm(catalog);
        Map<NodeName, Told> next = new HashMap<>();
        Map<String, Node> all = new LinkedHashMap<>();
        for (dev.sluice.control.catalog.Node node : catalog.nodes()) {
            Told before = nodes.get(node.name());
            long version = states.version(node.name());
            Told now =
                    before != null && isSameGround && before.holds(node, version)
                            ? before
                            : new Told(node, version, message(form, node, before));
            next.put(node.name(), now);
            all.put(node.name().name(), now.message());
        }
        nodes = next;
        written = catalog;
        return all;
    }

    private Node message(
            NodeForm form, dev.sluice.control.catalog.Node node, @Nullable Told before) {
        Node now = form.write(node, states.node(node.name()));
        return before != null && isAlike(before.message(), now) ? before.message() : now;
    }

    /** Whether they differ in nothing but when the node was heard. */
    private static boolean isAlike(Node before, Node now) {
        return now.toBuilder().setLastSeenTime(before.getLastSeenTime()).build().equals(before);
    }

    /** Whether all that nodes say by the catalog follows from the very same parts of it. */
    @SuppressWarnings("ReferenceEquality") // a change makes another map
    private boolean isSameGround(Catalog catalog) {
        return catalog.gateMap() == written.gateMap()
                && catalog.serviceMap() == written.serviceMap()
                && catalog.versionMap() == written.versionMap()
                && catalog.routeMap() == written.routeMap()
                && catalog.ringPlanMap() == written.ringPlanMap();
    }
}
