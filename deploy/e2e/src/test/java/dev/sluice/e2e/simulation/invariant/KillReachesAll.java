package dev.sluice.e2e.simulation.invariant;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.Gate;
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
import org.jspecify.annotations.Nullable;

/**
 * A kill is obeyed within a second by every sidecar that hears the control plane all that time
 * (I11), and until somebody resumes the gate. One that is not in the log when the control plane
 * dies is remembered by those who obey it: a sidecar that loses its state is free of it until
 * another one that obeys has been heard for two seconds.
 */
final class KillReachesAll implements Invariants.Invariant {
    private static final long A_SECOND = 1_000_000_000L;
    private static final long TWO_SECONDS = 2 * A_SECOND;

    private final Set<String> known = new HashSet<>();
    private final Set<String> deaf = new HashSet<>();
    private final Set<String> cut = new HashSet<>();
    private final Map<String, Long> heardSince = new HashMap<>();
    private final Map<Bound, Long> bound = new HashMap<>();
    private final Map<GateName, Gate> log = new HashMap<>();

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
            case Killed(long at, GateName gate) -> bindAll(gate, at);
            case Logged(var _, var event) -> {
                if (event.event() instanceof Event.GatesRevised(Action action, var gates)) {
                    gates.forEach(gate -> log.put(gate.content().name(), gate.content()));
                    if (action == Action.RESUMED) {
                        gates.forEach(gate -> resumed(gate.content().name()));
                    }
                }
            }
            case Decided decided -> read(decided, violations);
            default -> {}
        }
    }

    private void bindAll(GateName gate, long at) {
        for (String node : known) {
            if (hears(node)) {
                bound.putIfAbsent(new Bound(node, gate), at);
            }
        }
    }

    private boolean hears(String node) {
        return !deaf.contains(node) && !cut.contains(node);
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
                if (is.state() == NodeIs.State.STARTED_WITHOUT_STATE) {
                    forgets(node);
                }
            }
            case LISTENING -> {
                deaf.remove(node);
                heardSince.put(node, is.at());
            }
            case DEAF, DEAD -> {
                deaf.add(node);
                lose(is);
            }
            case CUT -> {
                cut.add(node);
                lose(is);
            }
            case HEALED -> {
                cut.remove(node);
                heardSince.put(node, is.at());
            }
        }
    }

    /** What the log does not have nobody can tell it. */
    private void forgets(String node) {
        bound.keySet().removeIf(b -> b.node().equals(node) && !isKilled(log.get(b.gate())));
    }

    private static boolean isKilled(@Nullable Gate gate) {
        return gate != null && gate.isKilled();
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
        if (isHeardToObeyWhatTheLogLacks(decided)) {
            bindAll(decided.decision().gate(), decided.at());
        }
    }

    private boolean isHeardToObeyWhatTheLogLacks(Decided decided) {
        Gate recorded = log.get(decided.decision().gate());
        return decided.decision().reason() == Reason.KILL
                && recorded != null
                && recorded.revision()
                        .orElseThrow()
                        .isBelow(decided.decision().revision().orElseThrow())
                && hears(decided.node())
                && decided.at() - heardSince.getOrDefault(decided.node(), decided.at())
                        > TWO_SECONDS;
    }
}
