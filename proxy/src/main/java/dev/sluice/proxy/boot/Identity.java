package dev.sluice.proxy.boot;

import dev.sluice.proxy.gate.LatchIds;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * Who a proxy is in one run of its process. Immutable, but for the latch ids it gives.
 *
 * @param nodeId of the bootstrap; may be empty without a management server
 * @param bootId 16 random bytes in hex
 * @param latches names of what is taken back here
 */
public record Identity(String nodeId, String bootId, LatchIds latches) {
    private static final int BOOT_BYTES = 16;

    /** A new run. */
    public static Identity fresh(String nodeId, RandomGenerator random) {
        byte[] boot = new byte[BOOT_BYTES];
        random.nextBytes(boot);
        String bootId = HexFormat.of().formatHex(boot);
        return new Identity(nodeId, bootId, new LatchIds(nodeId, bootId));
    }
}
