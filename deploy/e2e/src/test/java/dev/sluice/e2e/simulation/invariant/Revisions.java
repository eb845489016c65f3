package dev.sluice.e2e.simulation.invariant;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.spec.GateSpec;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** What the log says of gates, revision by revision, as far as a history has been read. */
final class Revisions {
    private final Map<GateName, NavigableMap<GateRevision, Gate>> gates = new HashMap<>();

    void read(History.Logged logged) {
        if (logged.event().event() instanceof Event.GatesRevised(var _, var specs)) {
            for (GateSpec spec : specs) {
                Gate gate = spec.content();
                gates.computeIfAbsent(gate.name(), _ -> new TreeMap<>())
                        .put(gate.revision().orElseThrow(), gate);
            }
        }
    }

    /** The gate in this revision; empty when the log has it not, or not yet. */
    Optional<Gate> find(GateName name, GateRevision revision) {
        return Optional.ofNullable(of(name).get(revision));
    }

    /** The last recorded one that is not above it: its modes are those of a kill that is not. */
    Optional<Gate> floor(GateName name, GateRevision revision) {
        return Optional.ofNullable(of(name).floorEntry(revision)).map(Map.Entry::getValue);
    }

    private NavigableMap<GateRevision, Gate> of(GateName name) {
        return gates.getOrDefault(name, new TreeMap<>());
    }
}
