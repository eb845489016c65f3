package dev.sluice.control.admin.gate;

import dev.sluice.admin.v1.Rollout;
import dev.sluice.contract.NodeName;
import dev.sluice.control.admin.desk.Times;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Node;
import dev.sluice.control.orchestrate.NodeState;
import dev.sluice.control.orchestrate.NodeStates;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Counts how far the present revision of a gate has come over the live nodes that hold it.
 * Stateless.
 */
final class Rollouts {
    private static final int MOST_LISTED = 10;

    private Rollouts() {}

    static Rollout of(GateState gate, Catalog catalog, NodeStates nodeStates) {
        var rollout = Rollout.newBuilder();
        int holding = 0;
        int applied = 0;
        Instant last = gate.meta().updateTime();
        for (var one : nodeStates.reports(gate.name()).entrySet()) {
            NodeName node = one.getKey();
            NodeState.GateReport report = one.getValue();
            if (catalog.node(node).filter(Node::isLive).isEmpty()) {
                continue;
            }
            holding++;
            if (report.hasApplied(gate.revision())) {
                applied++;
                last = later(last, report.appliedTime().orElse(last));
            }
            report.refusal()
                    .ifPresent(reason ->
                            rollout.addRefusals(
                                    Rollout.Refusal.newBuilder()
                                            .setNode(node.name())
                                            .setReason(reason)));
        }
        rollout.setNodes(holding).setApplied(applied);
        if (holding > 0 && applied == holding) {
            rollout.setTimeToApplied(Times.write(Duration.between(gate.meta().updateTime(), last)));
        }
        return rollout.build();
    }

    /** Live nodes that hold a gate and have not applied its present revision, or are lost. */
    static List<NodeName> lagging(GateState gate, Catalog catalog, NodeStates nodeStates) {
        return nodeStates.reports(gate.name()).entrySet().stream()
                .filter(report -> isWaitedFor(report.getKey(), report.getValue(), gate, catalog))
                .map(Map.Entry::getKey)
                .sorted(Comparator.comparing(NodeName::name))
                .limit(MOST_LISTED)
                .toList();
    }

    private static boolean isWaitedFor(
            NodeName node, NodeState.GateReport report, GateState gate, Catalog catalog) {
        return catalog.node(node)
                .filter(Node::isLive)
                .filter(known ->
                        known.presence() == Node.Presence.LOST
                                || !report.hasApplied(gate.revision()))
                .isPresent();
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
