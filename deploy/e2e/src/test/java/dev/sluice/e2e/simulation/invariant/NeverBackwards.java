package dev.sluice.e2e.simulation.invariant;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.Reason;
import dev.sluice.e2e.simulation.invariant.History.Decided;
import dev.sluice.e2e.simulation.invariant.History.Fact;
import dev.sluice.e2e.simulation.invariant.History.NodeIs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * At one sidecar no decision is made by a lower revision than an earlier one, also over restarts
 * that keep its state; and while the share only grows, no key goes back.
 */
final class NeverBackwards implements Invariants.Invariant {
    private final Map<Place, GateRevision> highest = new HashMap<>();
    private final Map<Place, Map<String, Decided>> moved = new HashMap<>();

    private record Place(String node, GateName gate) {}

    @Override
    public void read(Fact fact, List<String> violations) {
        switch (fact) {
            case NodeIs(var _, String node, NodeIs.State state)
                    when state == NodeIs.State.STARTED_WITHOUT_STATE ->
                    highest.keySet().removeIf(place -> place.node().equals(node));
            case Decided decided -> read(decided, violations);
            default -> {}
        }
    }

    private void read(Decided decided, List<String> violations) {
        Place place = new Place(decided.node(), decided.decision().gate());
        GateRevision revision = decided.decision().revision().orElseThrow();
        GateRevision before = highest.put(place, revision);
        if (before != null && revision.isBelow(before)) {
            violations.add("lower revision: " + decided + " after " + before);
        }
        if (decided.decision().reason() == Reason.SHARE) {
            Decided last =
                    moved.computeIfAbsent(place, _ -> new HashMap<>()).put(decided.key(), decided);
            if (last != null && wentBack(last, decided)) {
                violations.add("monotone: " + decided + " after " + last);
            }
        }
    }

    /** Modes are walked upwards only, so a later mode is a key that has moved. */
    private static boolean wentBack(Decided last, Decided now) {
        Mode before = last.decision().mode();
        Mode after = now.decision().mode();
        return after.compareTo(before) < 0
                && now.decision().share().compareTo(last.decision().share()) >= 0;
    }
}
