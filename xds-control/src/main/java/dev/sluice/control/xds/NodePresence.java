package dev.sluice.control.xds;

import dev.sluice.control.change.spec.NodeSpec;

/**
 * Whether a node is connected. Immutable.
 *
 * @param node what it last said of itself
 */
public record NodePresence(NodeSpec node, boolean connected) {}
