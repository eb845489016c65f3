package dev.sluice.control.snapshot;

import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.spec.NodeSpec;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Structures of one state made from those of an earlier one, with what they have in common. Owned
 * by the thread that makes them.
 */
public final class NextStructures {
    private final Catalog before;
    private final Catalog now;
    private final Map<Integer, Ring> rings = new HashMap<>();

    /** What a ring sees now, and whose structure that may change. */
    private record Ring(Catalog seen, Set<NodeSpec.Kind> affected) {}

    public NextStructures(Catalog before, Catalog now) {
        this.before = before;
        this.now = now;
    }

    /**
     * What nodes should have now.
     *
     * @param last what they should have had before
     */
    public Structure of(Audience audience, Structure last) {
        Ring ring = rings.computeIfAbsent(audience.ring(), this::ring);
        return StructureRenderer.next(last, ring.affected(), ring.seen(), audience.profile());
    }

    private Ring ring(int index) {
        Catalog seen = Rings.seenBy(index, now);
        return new Ring(seen, Affected.by(Rings.seenBy(index, before), seen));
    }
}
