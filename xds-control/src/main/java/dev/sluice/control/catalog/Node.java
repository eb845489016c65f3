package dev.sluice.control.catalog;

import dev.sluice.contract.NodeName;
import dev.sluice.control.change.spec.NodeSpec;

/**
 * A proxy process, known since it first connected until it is forgotten. Immutable.
 *
 * @param presence as of the log; whether its streams are up this moment is known to {@code xds}
 */
public record Node(NodeSpec spec, Presence presence, Meta meta) implements Resource {
    public NodeName name() {
        return spec.name();
    }

    /** Whether it counts as a live sidecar: all do that have not said goodbye. */
    public boolean isLive() {
        return presence != Presence.LEFT;
    }

    @Override
    public String resourceName() {
        return name().name();
    }

    /** What the log knows of a node. */
    public enum Presence {
        CONNECTED,
        /** Its streams broke and it did not come back soon; it counts as live and as legacy. */
        LOST,
        /** It said goodbye. */
        LEFT
    }
}
