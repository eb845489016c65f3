package dev.sluice.e2e.simulation.invariant;

import dev.sluice.e2e.simulation.invariant.History.Fact;
import dev.sluice.e2e.simulation.invariant.History.NodeIs;
import dev.sluice.e2e.simulation.invariant.History.Stayed;
import dev.sluice.e2e.simulation.invariant.History.Unanswered;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Every request has its own answer, unless the process of its sidecar has died under it; a sidecar
 * that leaves in good order finishes what it has begun, and comes to an end.
 */
final class NothingDropped implements Invariants.Invariant {
    private final Set<String> dead = new HashSet<>();

    @Override
    public void read(Fact fact, List<String> violations) {
        switch (fact) {
            case NodeIs(var _, String node, NodeIs.State state) when state == NodeIs.State.DEAD ->
                    dead.add(node);
            case NodeIs(var _, String node, NodeIs.State state)
                    when state == NodeIs.State.STARTED_WITH_STATE
                            || state == NodeIs.State.STARTED_WITHOUT_STATE ->
                    dead.remove(node);
            case Unanswered lost when !dead.contains(lost.node()) ->
                    violations.add("answering: " + lost);
            case Stayed stayed -> violations.add("answering: " + stayed);
            default -> {}
        }
    }
}
