package dev.sluice.control.admin.gate;

import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.GateChange;
import dev.sluice.contract.GateName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.StaleGates;
import dev.sluice.control.orchestrate.NodeStates;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Gates as they are told to those who watch. Nodes are counted anew for a gate of which one of them
 * said something else, and for all when nodes, routes or services changed; a gate is written anew
 * when something of it is another, and is the same message as before when nothing is. So a change
 * of one gate of thousands costs a look at each and the writing of one. Streams that share a board
 * share its messages. Thread-safe.
 */
final class GateBoard {
    private final NodeStates states;
    private final InstantSource clock;
    private final Set<GateName> names;
    private Catalog written = Catalog.EMPTY; // guarded by this, as the gates
    private Map<GateName, Told> gates = Map.of();

    /**
     * @param names gates to tell; empty for all
     */
    GateBoard(NodeStates states, InstantSource clock, Set<GateName> names) {
        this.states = states;
        this.clock = clock;
        this.names = Set.copyOf(names);
    }

    /**
     * A gate as it was told last.
     *
     * @param state what the log had of it
     * @param version of what nodes said of it
     */
    private record Told(GateState state, long version, GateChange change) {
        Told next(GateState now, long newest, Gate message) {
            return new Told(
                    now, newest, message.equals(change.getGate()) ? change : change(message));
        }

        static GateChange change(Gate message) {
            return GateChange.newBuilder().setGate(message).build();
        }

        @SuppressWarnings("ReferenceEquality") // an unchanged gate is the same object
        boolean isOf(GateState now, long newest, List<String> stale) {
            return state == now
                    && version == newest
                    && change.getGate().getStaleList().equals(stale);
        }
    }

    /** All of them by name, in the order of names. */
    synchronized Map<String, GateChange> all(Catalog catalog) {
        boolean isSameGround = isSameGround(catalog);
        Instant now = clock.instant();
        SortedMap<GateName, Told> next = new TreeMap<>();
        Map<GateName, Long> moved = new HashMap<>();
        for (GateState gate : catalog.gates()) {
            if (!names.isEmpty() && !names.contains(gate.name())) {
                continue;
            }
            Told before = gates.get(gate.name());
            long version = states.version(gate.name());
            List<String> stale = StaleGates.reasons(catalog, gate, now);
            if (isSameGround && before != null && before.isOf(gate, version, stale)) {
                next.put(gate.name(), before);
            } else {
                moved.put(gate.name(), version);
            }
        }
        next.putAll(written(moved, catalog));
        gates = next;
        written = catalog;
        Map<String, GateChange> all = new LinkedHashMap<>();
        next.forEach((name, told) -> all.put(name.name(), told.change()));
        return all;
    }

    /** Gates with nodes counted anew, and the versions that were read before. */
    private Map<GateName, Told> written(Map<GateName, Long> versions, Catalog catalog) {
        if (versions.isEmpty()) {
            return Map.of();
        }
        var form = new GateForm(ReadReports.of(states, versions.keySet()), clock);
        Map<GateName, Told> all = new HashMap<>();
        versions.forEach((name, version) -> {
            GateState gate = catalog.gate(name).orElseThrow();
            Gate message = form.write(gate, catalog);
            Told before = gates.get(name);
            all.put(
                    name,
                    before == null
                            ? new Told(gate, version, Told.change(message))
                            : before.next(gate, version, message));
        });
        return all;
    }

    /** Whether the nodes that count are the same, and meet the same gates. */
    @SuppressWarnings("ReferenceEquality") // a change makes another map
    private boolean isSameGround(Catalog catalog) {
        return catalog.nodeMap() == written.nodeMap()
                && catalog.routeMap() == written.routeMap()
                && catalog.serviceMap() == written.serviceMap();
    }
}
