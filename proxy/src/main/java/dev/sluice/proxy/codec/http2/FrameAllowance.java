package dev.sluice.proxy.codec.http2;

import dev.sluice.proxy.exchange.Flood;
import dev.sluice.proxy.snapshot.part.FloodLimits;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;

/**
 * How many frames a peer may send that cost it nothing and move nothing (RFC 9113 section 10.5).
 * PRIORITY and WINDOW_UPDATE are measured by what the connection carries, by Envoy's formulas; PING
 * and SETTINGS by time. Beyond that the connection ends with ENHANCE_YOUR_CALM. Loop-owned.
 */
final class FrameAllowance {
    private static final long WINDOW_UPDATES_AT_FIRST = 5;

    /** Smaller windows than this are not worth a WINDOW_UPDATE each. */
    private static final int SMALLEST_DATA = 256;

    /** A busy gRPC client sends a few pings each second to measure its window. */
    private static final long MOST_ASKED_AT_ONCE = 1_000;

    private static final long ASKED_PER_SECOND = 100;

    private static final long RESETS_AT_FIRST = 100;

    private final Ticker ticker;
    private final FloodLimits limits;
    private final long start;
    private long priorities;
    private long windowUpdates;
    private long streams;
    private long dataSent;
    private long asked;
    private long resets;

    FrameAllowance(Ticker ticker, FloodLimits limits) {
        this.ticker = ticker;
        this.limits = limits;
        start = ticker.nanoTime();
    }

    /** A stream was opened, by whichever side opens them. */
    void streamOpened() {
        streams++;
    }

    /**
     * Bytes were handed to the flow controller, which a small window may cut into many frames.
     *
     * @param bytes 0..
     */
    void dataSent(int bytes) {
        dataSent += 1 + bytes / SMALLEST_DATA;
    }

    void priority() throws Http2Exception {
        check(
                Flood.PRIORITY,
                "PRIORITY frames",
                ++priorities,
                limits.priorityPerStream() * (1 + streams));
    }

    void windowUpdate() throws Http2Exception {
        check(
                Flood.WINDOW_UPDATE,
                "WINDOW_UPDATE frames",
                ++windowUpdates,
                WINDOW_UPDATES_AT_FIRST + 2 * (streams + limits.windowUpdatesPerData() * dataSent));
    }

    /** RST_STREAM, of which each stream has one; some more are forgiven. */
    void reset() throws Http2Exception {
        check(Flood.RAPID_RESET, "RST_STREAM frames", ++resets, RESETS_AT_FIRST + streams);
    }

    /** A frame that asks for an answer: PING or SETTINGS. */
    void asks() throws Http2Exception {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(ticker.nanoTime() - start);
        long earned = MOST_ASKED_AT_ONCE + ASKED_PER_SECOND * seconds;
        asked = Math.max(asked, earned - MOST_ASKED_AT_ONCE) + 1;
        check(Flood.PING_AND_SETTINGS, "PING and SETTINGS frames", asked, earned);
    }

    private static void check(Flood flood, String what, long count, long most)
            throws Http2Exception {
        if (count > most) {
            throw new FloodException(flood, what, count, most);
        }
    }
}
