package dev.sluice.proxy.gate;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Names of what this sidecar latches by itself, trips and kills in one sequence: {@code
 * {node_id}/{boot_id}/{n}}. Thread-safe.
 */
public final class LatchIds {
    private final String prefix;
    private final AtomicLong last = new AtomicLong();

    /**
     * @param nodeId of the bootstrap; may be empty
     * @param bootId of this run of the process
     */
    public LatchIds(String nodeId, String bootId) {
        prefix = nodeId + "/" + bootId + "/";
    }

    /** A name never given before. */
    public String next() {
        return prefix + last.incrementAndGet();
    }
}
