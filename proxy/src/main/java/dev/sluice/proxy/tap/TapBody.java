package dev.sluice.proxy.tap;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * The beginning of a body, copied. Owned by the loop that records, then by who writes it; not
 * changed any more then.
 */
public final class TapBody {
    private static final byte[] NOTHING = {};

    private final int most;
    private byte[] bytes = NOTHING;
    private int size;
    private boolean truncated;

    /**
     * @param most bytes that are kept
     */
    TapBody(int most) {
        this.most = most;
    }

    /**
     * Copies from a buffer, which stays as it is, as much as there is room for.
     *
     * @return bytes that are kept more than before
     */
    int add(ByteBuf data, TapMemory memory) {
        int wanted = Math.min(data.readableBytes(), most - size);
        int kept = wanted > 0 && memory.take(wanted) ? wanted : 0;
        truncated |= kept < data.readableBytes();
        if (kept > 0) {
            grow(kept);
            data.getBytes(data.readerIndex(), bytes, size, kept);
            size += kept;
        }
        return kept;
    }

    /** What was kept; a copy. */
    public byte[] bytes() {
        return Arrays.copyOf(bytes, size);
    }

    /** Whether the body had more. */
    public boolean isTruncated() {
        return truncated;
    }

    private void grow(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.clamp(2L * bytes.length, size + more, most));
        }
    }
}
