package dev.sluice.control.change;

import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import java.time.Instant;

/**
 * A kill that somebody gave at a sidecar's own admin endpoint, as the sidecar reported it. It holds
 * there until a revision of the gate acknowledges it. Immutable.
 *
 * @param id {@code {node_id}/{boot_id}/{n}}, in one sequence with the ids of trips
 * @param reason as it was given there
 * @param time by the node's clock
 */
public record LocalKillReport(
        String id, GateName gate, NodeName node, String reason, Instant time) {}
