package dev.sluice.control.snapshot;

/**
 * A resource that a node had once and has no more. Immutable.
 *
 * @param seq place of the log at which it went
 */
public record Former(long seq, ResourceType type, Versioned resource) {}
