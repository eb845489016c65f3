package dev.sluice.control.change;

import dev.sluice.contract.NodeName;

/**
 * Why structure does not go on to the next ring. Immutable.
 *
 * @param what the node's own reason, or that it was silent
 */
public record RingTrouble(NodeName node, String what) {
    /** How many of them are kept of one halt. */
    public static final int MOST = 20;
}
