package dev.sluice.control.lifecycle.gate;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.change.ObeyedKill;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.lifecycle.decision.Decision;
import dev.sluice.control.lifecycle.decision.Refusals;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides about kills that sidecars obey and the log may not have. A kill that is out is latched
 * until somebody resumes it, also when nobody could record it. A sidecar is believed so far alone:
 * its word can take back keys of a gate that it meets, and nothing else. Immutable.
 */
public record ObeyedKills(Catalog catalog, ShareRules shares, long epoch) {
    /** A kill goes out 2,000 above the log, and that again each time it is kept unrecorded. */
    private static final long FARTHEST = 100_000;

    /**
     * Kills the gate, unless the log has this revision or a later one: then it knows of the kill,
     * or of what came after it.
     *
     * @param published what is out already of the kill that is to be recorded
     */
    public Decision keep(ObeyedKill obeyed, Map<GateName, GateSpec> published) {
        Refusals refusals = new Refusals();
        Optional<GateState> gate =
                refusals.require(catalog.gate(obeyed.gate()), obeyed.gate())
                        .filter(known -> known.revision().isBelow(obeyed.revision()));
        gate.ifPresent(known -> {
            refuseStranger(obeyed, known, refusals);
            refuseOtherLog(obeyed.revision(), known, refusals);
        });
        return gate.isPresent() && refusals.isEmpty()
                ? shares.kill(
                        new ShareTarget.OfGate(obeyed.gate()),
                        draft -> draft.above(obeyed.revision()),
                        published)
                : refusals.orElse(List::of);
    }

    private void refuseStranger(ObeyedKill obeyed, GateState gate, Refusals refusals) {
        if (!GatesMet.of(catalog, List.of(gate)).by(obeyed.node()).contains(gate.name())) {
            refusals.denied(
                    obeyed.node().name() + ", which does not meet " + gate.name(),
                    "a node of a service that calls what the gate is for",
                    "look what that node is, and why it decides by this gate");
        }
    }

    /** A revision that no control plane of this log can have given says nothing about its gates. */
    private void refuseOtherLog(GateRevision obeyed, GateState gate, Refusals refusals) {
        boolean given =
                obeyed.epoch() < epoch
                        || (obeyed.epoch() == epoch
                                && obeyed.number() <= gate.revision().number() + FARTHEST);
        if (!given) {
            refusals.invalid(
                    "revision",
                    obeyed + " of " + gate.name(),
                    "at most " + FARTHEST + " above " + gate.revision() + ", in epoch " + epoch,
                    "look whether the log is the one that the node was served from");
        }
    }
}
