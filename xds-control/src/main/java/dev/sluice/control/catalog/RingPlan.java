package dev.sluice.control.catalog;

import dev.sluice.contract.RingPlanName;
import dev.sluice.contract.decide.Buckets;
import dev.sluice.contract.gate.Salt;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.change.spec.RingPlanSpec;
import dev.sluice.control.change.spec.RingPlanSpec.Members;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The rings of nodes, and how far new structure has come through them. Immutable.
 *
 * @param rollout changes without the etag
 */
public record RingPlan(RingPlanSpec spec, Rollout rollout, Meta meta) implements Resource {
    private static final int PPM_PER_PERCENT = 10_000;

    public RingPlanName name() {
        return spec.name();
    }

    @Override
    public String resourceName() {
        return name().name();
    }

    /** Index of the ring that a node is in: the first that names it, else the last. */
    public int ringOf(NodeSpec node) {
        List<RingPlanSpec.Ring> rings = spec.rings();
        for (int ring = 0; ring < rings.size() - 1; ring++) {
            if (names(rings.get(ring).members(), node)) {
                return ring;
            }
        }
        return rings.size() - 1;
    }

    /** A ring as people call it. */
    public String ringId(int ring) {
        return spec.rings().get(ring).id();
    }

    RingPlan with(Rollout changed) {
        return new RingPlan(spec, changed, meta);
    }

    private boolean names(Members members, NodeSpec node) {
        boolean byLabels =
                !members.labels().isEmpty()
                        && members.labels().entrySet().stream()
                                .allMatch(it -> node.has(it.getKey(), it.getValue()));
        return byLabels
                || members.nodes().stream().anyMatch(it -> isOne(it, node.name().nodeId()))
                || members.clusters().contains(node.cluster())
                || node.service().filter(members.services()::contains).isPresent()
                || isIn(members.percent(), node);
    }

    private static boolean isOne(String pattern, String id) {
        return pattern.endsWith("*")
                ? id.startsWith(pattern.substring(0, pattern.length() - 1))
                : id.equals(pattern);
    }

    /** The salt is the plan's, so that the rings of a plan cut the nodes at the same places. */
    private boolean isIn(int percent, NodeSpec node) {
        byte[] id = node.name().nodeId().getBytes(StandardCharsets.UTF_8);
        return percent > 0
                && Buckets.bucket(new Salt(name().name()), id) < percent * PPM_PER_PERCENT;
    }
}
