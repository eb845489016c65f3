package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.exchange.Octets;
import io.netty.buffer.ByteBuf;

/**
 * Finds the end of a head in what has come so far, never looking at a byte twice, however the bytes
 * are split. Loop-owned.
 */
final class HeadScanner {
    /** More bytes are needed. */
    static final int INCOMPLETE = 0;

    /** A line ends in LF without CR. */
    static final int BARE_LF = -1;

    /** The first line alone is over the limit. */
    static final int FIRST_LINE_TOO_LONG = -2;

    /** The head is over the limit. */
    static final int TOO_LARGE = -3;

    private final int limit;
    private int line;
    private int seen;

    /**
     * @param limit bytes of the largest head, with its empty line
     */
    HeadScanner(int limit) {
        this.limit = limit;
    }

    /**
     * Looks on.
     *
     * @param input the head starts at its reader index
     * @return bytes of the head with its empty line, or one of the constants
     */
    int scan(ByteBuf input) {
        int start = input.readerIndex();
        int available = Math.min(input.readableBytes(), limit);
        while (seen < available) {
            int at = input.indexOf(start + seen, start + available, Octets.LF);
            if (at < 0) {
                seen = available;
                break;
            }
            int end = at - start + 1;
            if (end < 2 || input.getByte(at - 1) != Octets.CR) {
                return BARE_LF;
            }
            if (end - line == 2) {
                reset();
                return end;
            }
            line = end;
            seen = end;
        }
        if (available < limit) {
            return INCOMPLETE;
        }
        return line == 0 ? FIRST_LINE_TOO_LONG : TOO_LARGE;
    }

    /** Starts over with another head. */
    void reset() {
        line = 0;
        seen = 0;
    }
}
