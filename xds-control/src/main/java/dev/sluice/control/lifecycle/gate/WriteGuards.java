package dev.sluice.control.lifecycle.gate;

import dev.sluice.contract.NodeName;
import dev.sluice.contract.gate.Gate;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Node;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.lifecycle.decision.Refusals;
import java.util.List;
import java.util.Optional;

/**
 * What can stand against writes changing sides, where there are two stores; other gates are never
 * held up here. Immutable.
 */
public record WriteGuards(Catalog catalog, FleetReport fleet) {

    /** Whether nothing is on its way at any of these gates. */
    public static boolean areSettled(List<GateState> gates) {
        return gates.stream().allMatch(gate -> new WriteMove(gate.content()).isSettled());
    }

    /** What of the writes of a gate is on its way, for people; empty: nothing is. */
    public static Optional<String> onItsWay(GateState gate) {
        WriteMove move = new WriteMove(gate.content());
        return move.isSettled() ? Optional.empty() : Optional.of(move.inWords());
    }

    /** How the writes of gates that move together are to be held. */
    Holding holding(List<GateState> gates) {
        List<GateState> concerned =
                gates.stream().filter(gate -> WriteMove.concerns(gate.content())).toList();
        if (concerned.isEmpty() || fleet.liveNodes(catalog, concerned).isEmpty()) {
            return Holding.NOT_NEEDED;
        }
        return fleet.behind(catalog, concerned).isEmpty() ? Holding.NOW : Holding.LATER;
    }

    /** Notes that writes of a gate are still on their way. */
    public void refuseMoving(String path, GateState gate, Refusals refusals) {
        WriteMove move = new WriteMove(gate.content());
        if (!move.isSettled()) {
            refusals.precondition(
                    path,
                    gate.name() + ": " + move.inWords() + waiting(gate),
                    "writes that are where the share is",
                    "wait until every live sidecar has applied it, or forget the nodes that are"
                            + " gone for good");
        }
    }

    /** Notes who would not hold the writes that a raise of a gate moves. */
    public void refuseUnheld(String path, GateState gate, Refusals refusals) {
        if (!WriteMove.concerns(gate.content())) {
            return;
        }
        List<NodeName> behind = fleet.behind(catalog, List.of(gate));
        if (!behind.isEmpty()) {
            refusals.precondition(
                    path,
                    "a raise that moves writes of "
                            + gate.name()
                            + ", which "
                            + ShareGuards.listed(behind)
                            + " would not hold",
                    "every live node of the gate connected, with its present revision applied",
                    "wait for them, or forget the nodes that are gone for good");
        }
        refuseUnable(path, gate, refusals);
        refuseUnreadable(path, gate, Gate.WriteAuthority.CONTRACT_VERSION, refusals);
    }

    /** Notes live nodes that can never hold writes of a gate. */
    public void refuseUnable(String path, GateState gate, Refusals refusals) {
        List<NodeName> stock =
                fleet.liveNodes(catalog, List.of(gate)).stream()
                        .filter(node -> node.spec().kind() != NodeSpec.Kind.SLUICE)
                        .map(Node::name)
                        .toList();
        if (!stock.isEmpty()) {
            refusals.precondition(
                    path,
                    "writes of "
                            + gate.name()
                            + " pass "
                            + ShareGuards.listed(stock)
                            + ", which can't hold them",
                    "Sluice sidecars alone where two stores are written",
                    "put Sluice sidecars there, then forget these nodes");
        }
    }

    /** Notes sidecars that could not read a gate of this contract, and would lose it. */
    public void refuseUnreadable(String path, GateState present, int version, Refusals refusals) {
        if (version <= present.content().contractVersion()) {
            return;
        }
        List<NodeName> old =
                fleet.liveNodes(catalog, List.of(present)).stream()
                        .filter(node -> node.spec().kind() == NodeSpec.Kind.SLUICE)
                        .filter(node -> node.spec().gateContractVersion() < version)
                        .map(Node::name)
                        .toList();
        if (!old.isEmpty()) {
            refusals.precondition(
                    path,
                    present.name()
                            + " by gate contract "
                            + version
                            + ", which these sidecars can't read: "
                            + ShareGuards.listed(old),
                    "sidecars of gate contract " + version,
                    "upgrade them first");
        }
    }

    private String waiting(GateState gate) {
        List<NodeName> behind = fleet.behind(catalog, List.of(gate));
        return behind.isEmpty() ? "" : ", and wait for " + ShareGuards.listed(behind);
    }
}
