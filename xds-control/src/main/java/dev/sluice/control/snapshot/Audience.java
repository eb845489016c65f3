package dev.sluice.control.snapshot;

import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.spec.NodeSpec;

/**
 * Nodes that get the same structure. Immutable.
 *
 * @param ring index in the plan of rings; 0 where there is none
 */
public record Audience(NodeProfile profile, int ring) {
    public static Audience of(Catalog catalog, NodeSpec node) {
        return new Audience(NodeProfile.of(node), Rings.of(catalog, node));
    }

    /** What its nodes should have. */
    public Structure structure(Catalog catalog) {
        return StructureRenderer.render(Rings.seenBy(ring, catalog), profile);
    }
}
