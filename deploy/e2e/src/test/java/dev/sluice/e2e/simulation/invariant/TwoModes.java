package dev.sluice.e2e.simulation.invariant;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.Mode;
import dev.sluice.e2e.simulation.invariant.History.Decided;
import dev.sluice.e2e.simulation.invariant.History.Fact;
import dev.sluice.e2e.simulation.invariant.History.Logged;
import dev.sluice.e2e.simulation.invariant.History.NodeIs;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * At most two neighbouring modes of a gate are in force over the sidecars that live (I16): those
 * that the revision by which each decided last puts keys into.
 */
final class TwoModes implements Invariants.Invariant {
    private final Revisions revisions = new Revisions();
    private final Map<GateName, Map<String, Set<Mode>>> inForce = new HashMap<>();

    @Override
    public void read(Fact fact, List<String> violations) {
        switch (fact) {
            case Logged logged -> revisions.read(logged);
            case NodeIs(var _, String node, NodeIs.State state) when state == NodeIs.State.DEAD ->
                    inForce.values().forEach(modes -> modes.remove(node));
            case Decided decided -> read(decided, violations);
            default -> {}
        }
    }

    private void read(Decided decided, List<String> violations) {
        GateDecision decision = decided.decision();
        Optional<Gate> gate = revisions.floor(decision.gate(), decision.revision().orElseThrow());
        if (gate.isEmpty()) {
            return; // another invariant says so
        }
        Map<String, Set<Mode>> byNode =
                inForce.computeIfAbsent(decision.gate(), _ -> new HashMap<>());
        byNode.put(decided.node(), modes(gate.get()));
        EnumSet<Mode> all = EnumSet.noneOf(Mode.class);
        byNode.values().forEach(all::addAll);
        if (all.size() > 2 || !areNeighbours(gate.get(), all)) {
            violations.add("modes: " + byNode + " at " + decided);
        }
    }

    private static Set<Mode> modes(Gate gate) {
        if (gate.share().isAll()) {
            return EnumSet.of(gate.to());
        }
        return gate.share().value() == 0
                ? EnumSet.of(gate.from())
                : EnumSet.of(gate.from(), gate.to());
    }

    private static boolean areNeighbours(Gate gate, EnumSet<Mode> modes) {
        if (modes.size() < 2) {
            return true;
        }
        List<Mode> ordered = List.copyOf(modes);
        return ordered.getFirst().next(gate.storeKind()).contains(ordered.getLast());
    }
}
