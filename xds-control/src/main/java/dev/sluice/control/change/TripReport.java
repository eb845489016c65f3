package dev.sluice.control.change;

import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import java.time.Instant;

/**
 * A sidecar's own move of a gate's keys back, as it reported it. Immutable.
 *
 * @param id {@code {node_id}/{boot_id}/{n}}, to be acknowledged by this text
 * @param operation what failed
 * @param time by the node's clock
 * @param moved false when NEW failed but was not shown worse than LEGACY, so that nothing moved
 */
public record TripReport(
        String id, GateName gate, NodeName node, String operation, Instant time, boolean moved) {}
