package dev.sluice.contract.gate;

import java.nio.charset.StandardCharsets;

/**
 * What makes a gate's buckets its own: gates with one salt move the same keys. Immutable.
 *
 * @param text 1..128 bytes of UTF-8
 */
public record Salt(String text) {
    /** Most bytes of a salt. */
    public static final int MAX_BYTES = 128;

    /**
     * @throws IllegalArgumentException when empty or over 128 bytes
     */
    public Salt {
        if (!isValid(text)) {
            throw new IllegalArgumentException("salt (expected 1..128 bytes of UTF-8)");
        }
    }

    static boolean isValid(String text) {
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        return length >= 1 && length <= MAX_BYTES;
    }

    /** A copy of its bytes. */
    public byte[] bytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return text;
    }
}
