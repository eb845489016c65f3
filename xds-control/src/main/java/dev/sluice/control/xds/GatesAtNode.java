package dev.sluice.control.xds;

import dev.sluice.contract.GateName;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.evidence.AppliedGates;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * All gates of which a node has said anything. Immutable.
 *
 * @param node what it last said of itself
 * @param lastSeen when it connected or was last heard
 * @param applied revisions that it reports to decide by
 * @param refusals why it refused what it was sent of a gate last
 */
public record GatesAtNode(
        NodeSpec node, Instant lastSeen, AppliedGates applied, Map<GateName, String> refusals) {
    public GatesAtNode {
        refusals = Map.copyOf(refusals);
    }

    /** What is known of one gate. */
    public GateAtNode of(GateName gate) {
        return new GateAtNode(
                node,
                lastSeen,
                Optional.ofNullable(applied.byName().get(gate)),
                Optional.ofNullable(refusals.get(gate)));
    }

    /** Gives those of some gates of which it has said anything, one or more times each. */
    public void eachKnown(Set<GateName> gates, Consumer<GateName> taker) {
        Set<GateName> known = applied.byName().keySet();
        if (gates.size() <= known.size()) {
            gates.stream()
                    .filter(gate ->
                            applied.byName().containsKey(gate) || refusals.containsKey(gate))
                    .forEach(taker);
        } else {
            known.stream().filter(gates::contains).forEach(taker);
            refusals.keySet().stream().filter(gates::contains).forEach(taker);
        }
    }
}
