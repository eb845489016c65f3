package dev.sluice.control.orchestrate;

import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.gate.GateRevision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a node beyond the log: its streams, what it accepted and what it refused.
 * Immutable.
 *
 * @param lastSeen when it connected or was last heard
 * @param limitations what of a gate it cannot keep, each as a sentence
 * @param gates gates that it holds or was sent
 */
public record NodeState(
        NodeName name,
        Instant lastSeen,
        List<String> limitations,
        List<TypeReport> types,
        List<GateReport> gates) {
    public NodeState {
        limitations = List.copyOf(limitations);
        types = List.copyOf(types);
        gates = List.copyOf(gates);
    }

    /** What it refused last, of any type, each with its reason. */
    public List<String> refusals() {
        List<String> refusals = new ArrayList<>();
        for (TypeReport type : types) {
            if (!type.nack().isEmpty()) {
                refusals.add(
                        type.typeUrl().substring(type.typeUrl().lastIndexOf('.') + 1)
                                + ": "
                                + type.nack());
            }
        }
        for (GateReport gate : gates) {
            gate.refusal().ifPresent(reason -> refusals.add(gate.gate() + ": " + reason));
        }
        return refusals;
    }

    /**
     * State of one resource type.
     *
     * @param sentVersion version last sent
     * @param ackedVersion version last accepted; empty when none was
     * @param nack reason of the last refusal; empty when the last answer was an acceptance
     * @param withheld what is kept back from it, each as a sentence with the reason
     * @param ackLatency from sending to acceptance of the last version, when known
     */
    public record TypeReport(
            String typeUrl,
            String sentVersion,
            String ackedVersion,
            String nack,
            List<String> withheld,
            Optional<Duration> ackLatency) {
        public TypeReport {
            withheld = List.copyOf(withheld);
        }
    }

    /**
     * One gate at a node.
     *
     * @param applied revision that it reports applied; empty when none yet
     * @param appliedTime when that was heard
     * @param writesUnderWay writes of before that keep it from applying the next one
     * @param refusal why it refused the revision last sent; empty when it did not
     */
    public record GateReport(
            GateName gate,
            Optional<GateRevision> applied,
            Optional<Instant> appliedTime,
            int writesUnderWay,
            Optional<String> refusal) {
        /** Whether it has this revision or a later one. */
        public boolean hasApplied(GateRevision revision) {
            return applied.filter(known -> !known.isBelow(revision)).isPresent();
        }
    }
}
