package dev.sluice.control.lifecycle.structure;

import java.util.List;
import java.util.OptionalLong;

/**
 * What a node has told of its structure by now. Immutable.
 *
 * @param settled place of the log up to which every stream of it has accepted everything that it
 *     should have; empty when one has not, or when there is none
 * @param refused what it refuses now
 */
public record StructureAtNode(OptionalLong settled, List<Refused> refused) {
    /** It said nothing. */
    public static final StructureAtNode SILENT =
            new StructureAtNode(OptionalLong.empty(), List.of());

    public StructureAtNode {
        refused = List.copyOf(refused);
    }

    /**
     * Something that a node refuses.
     *
     * @param at place of the log of what it was sent
     * @param what its type and the node's own reason
     */
    public record Refused(long at, String what) {}

    /** Whether it has everything of this place of the log or a later one. */
    public boolean hasAll(long since) {
        return settled.orElse(-1) >= since;
    }
}
