package dev.sluice.e2e.simulation.invariant;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.Reason;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Event.GatesRevised.Action;
import dev.sluice.e2e.simulation.invariant.History.ControlIs;
import dev.sluice.e2e.simulation.invariant.History.Decided;
import dev.sluice.e2e.simulation.invariant.History.Fact;
import dev.sluice.e2e.simulation.invariant.History.Killed;
import dev.sluice.e2e.simulation.invariant.History.Logged;
import dev.sluice.e2e.simulation.invariant.History.NodeIs;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A kill is obeyed within a second by every sidecar that hears the control plane all that time
 * (I11), and until somebody resumes the gate.
 */
final class KillReachesAll implements Invariants.Invariant {
    private static final long A_SECOND = 1_000_000_000L;

    private final Set<String> known = new HashSet<>();
    private final Set<String> deaf = new HashSet<>();
    private final Set<String> cut = new HashSet<>();
    private final Map<Bound, Long> bound = new HashMap<>();

    /** A sidecar that must obey the kill of a gate. */
    private record Bound(String node, GateName gate) {}

    @Override
    public void read(Fact fact, List<String> violations) {
        switch (fact) {
            case NodeIs node -> read(node);
            case ControlIs(long at, boolean alive) -> {
                if (!alive) {
                    release(at, bound.keySet());
                }
            }
            case Killed(long at, GateName gate) -> {
                for (String node : known) {
                    if (!deaf.contains(node) && !cut.contains(node)) {
                        bound.putIfAbsent(new Bound(node, gate), at);
                    }
                }
            }
            case Logged(var _, var event) -> {
                if (event.event() instanceof Event.GatesRevised(Action action, var gates)
                        && action == Action.RESUMED) {
                    gates.forEach(gate -> resumed(gate.content().name()));
                }
            }
            case Decided decided -> read(decided, violations);
            default -> {}
        }
    }

    private void resumed(GateName gate) {
        bound.keySet().removeIf(one -> one.gate().equals(gate));
    }

    private void read(NodeIs is) {
        String node = is.node();
        switch (is.state()) {
            case STARTED_WITH_STATE, STARTED_WITHOUT_STATE -> {
                known.add(node);
                deaf.add(node);
            }
            case LISTENING -> deaf.remove(node);
            case DEAF, DEAD -> {
                deaf.add(node);
                lose(is);
            }
            case CUT -> {
                cut.add(node);
                lose(is);
            }
            case HEALED -> cut.remove(node);
        }
    }

    /** Who stops to hear within the second need not obey. */
    private void lose(NodeIs is) {
        release(is.at(), bound.keySet().stream().filter(b -> b.node().equals(is.node())).toList());
    }

    private void release(long at, Collection<Bound> some) {
        Set<Bound> young = new HashSet<>(some);
        young.removeIf(b -> at - bound.getOrDefault(b, at) > A_SECOND);
        bound.keySet().removeAll(young);
    }

    private void read(Decided decided, List<String> violations) {
        Long since = bound.get(new Bound(decided.node(), decided.decision().gate()));
        if (since != null
                && decided.at() - since > A_SECOND
                && decided.decision().reason() != Reason.KILL) {
            violations.add("kill: " + decided + " though killed at " + since);
        }
    }
}
