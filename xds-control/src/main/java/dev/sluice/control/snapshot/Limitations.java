package dev.sluice.control.snapshot;

import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateWriter;
import dev.sluice.contract.gate.MissingKey;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.gate.v1.Rule;
import java.util.ArrayList;
import java.util.List;

/** What of the gates a kind of node can't keep, as sentences for people. Pure. */
public final class Limitations {
    private Limitations() {}

    /** Of all gates that the node can meet; empty for Sluice nodes, which keep everything. */
    public static List<String> of(Catalog catalog, NodeProfile profile) {
        if (profile.kind() == NodeSpec.Kind.SLUICE) {
            return List.of();
        }
        List<GateState> gates = StructureRenderer.gates(catalog, profile);
        boolean isGrpc = profile.kind() == NodeSpec.Kind.GRPC;
        List<String> sentences = new ArrayList<>();
        if (!gates.isEmpty()) {
            sentences.add(
                    isGrpc
                            ? "the arm is random for each call: no key stays on a side"
                            : "buckets are not salted: the same keys go first at every gate");
            sentences.add("decisions are not carried downstream, explained or counted by key");
            sentences.add("no trip: keys go back only by the control plane");
        }
        gates.forEach(gate -> {
            if (!isGrpc) {
                sentences.addAll(ofKeys(gate.content()));
            }
            sentences.addAll(ofRules(gate.content()));
            sentences.addAll(ofWrites(gate.content()));
        });
        if (isGrpc) {
            sentences.addAll(ofCalls(catalog, profile));
        }
        return List.copyOf(sentences);
    }

    /** What of calls a gRPC client leaves to others. */
    private static List<String> ofCalls(Catalog catalog, NodeProfile profile) {
        List<String> sentences = new ArrayList<>();
        sentences.add("the called side does not hear which service calls");
        StructureRenderer.called(catalog, profile)
                .flatMap(called -> StructureRenderer.versions(catalog, called.name()).stream())
                .filter(version -> version.spec().tls().isPresent())
                .forEach(version ->
                        sentences.add(
                                version.name()
                                        + ": certificates are those of provider '"
                                        + ClusterRenderer.PROVIDER
                                        + "' of its bootstrap"));
        return sentences;
    }

    private static List<String> ofKeys(Gate gate) {
        List<String> sentences = new ArrayList<>();
        if (WeightedRoutes.hashPolicy(gate.bucketing().key()).isEmpty()) {
            sentences.add(
                    gate.name()
                            + ": the key ("
                            + gate.bucketing().key()
                            + ") can't be hashed: the arm is random for each request");
        }
        if (!(gate.bucketing().missingKey() instanceof MissingKey.Random)) {
            sentences.add(gate.name() + ": a request without a key gets a random arm");
        }
        return sentences;
    }

    /** Both stores would be written first for a while whenever the share changes. */
    private static List<String> ofWrites(Gate gate) {
        boolean moves =
                gate.storeKind() == StoreKind.SEPARATE
                        && gate.from().authoritative() != gate.to().authoritative();
        return moves
                ? List.of(
                        gate.name()
                                + ": writes can't be held, and move with reads: its share is not"
                                + " raised while this node is live")
                : List.of();
    }

    private static List<String> ofRules(Gate gate) {
        List<String> sentences = new ArrayList<>();
        for (Rule rule : GateWriter.write(gate).getRulesList()) {
            if (!WeightedRoutes.canSay(rule)) {
                sentences.add(
                        gate.name()
                                + ": rule "
                                + rule.getName()
                                + " can't be matched and is left out");
            }
        }
        return sentences;
    }
}
