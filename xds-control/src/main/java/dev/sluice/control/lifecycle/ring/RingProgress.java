package dev.sluice.control.lifecycle.ring;

import dev.sluice.contract.NodeName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Node;
import dev.sluice.control.catalog.RingPlan;
import dev.sluice.control.change.RingTrouble;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.lifecycle.structure.StructureAtNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * How the live nodes of one ring stand to what it is served. Immutable.
 *
 * @param ring its index
 * @param live how many there are
 * @param waiting those that have not accepted everything yet
 * @param refusing those that refused something of it
 */
public record RingProgress(int ring, int live, List<NodeName> waiting, List<RingTrouble> refusing) {
    public RingProgress {
        waiting = List.copyOf(waiting);
        refusing = List.copyOf(refusing);
    }

    /** Of every ring of a plan, in order. */
    public static List<RingProgress> of(Catalog catalog, RingPlan plan, FleetReport fleet) {
        List<List<Node>> members = new ArrayList<>();
        plan.spec().rings().forEach(_ -> members.add(new ArrayList<>()));
        catalog.nodes().stream()
                .filter(Node::isLive)
                .forEach(node -> members.get(plan.ringOf(node.spec())).add(node));
        List<RingProgress> all = new ArrayList<>();
        for (int ring = 0; ring < members.size(); ring++) {
            all.add(of(ring, members.get(ring), plan.rollout().rings().get(ring).since(), fleet));
        }
        return List.copyOf(all);
    }

    /** Whether every live node has what the ring is served. */
    public boolean isApplied() {
        return waiting.isEmpty() && refusing.isEmpty();
    }

    /**
     * Whether all had it for long enough; a ring without nodes proves nothing by time.
     *
     * @param plan in which the ring is the current one
     */
    public boolean hasBaked(RingPlan plan, Instant now) {
        Duration bake = plan.spec().rings().get(ring).bake();
        return plan.rollout()
                .rings()
                .get(ring)
                .appliedTime()
                .filter(time -> live == 0 || !now.isBefore(time.plus(bake)))
                .isPresent();
    }

    private static RingProgress of(int ring, List<Node> members, long since, FleetReport fleet) {
        List<NodeName> waiting = new ArrayList<>();
        List<RingTrouble> refusing = new ArrayList<>();
        for (Node node : members) {
            StructureAtNode told = fleet.structure().apply(node.name());
            told.refused().stream()
                    .filter(refused -> refused.at() >= since)
                    .forEach(refused -> refusing.add(new RingTrouble(node.name(), refused.what())));
            if (!told.hasAll(since)) {
                waiting.add(node.name());
            }
        }
        return new RingProgress(ring, members.size(), waiting, refusing);
    }
}
