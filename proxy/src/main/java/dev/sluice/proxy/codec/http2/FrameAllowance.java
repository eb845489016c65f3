package dev.sluice.proxy.codec.http2;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;

/**
 * How many frames a client may send that cost it nothing and move nothing (RFC 9113 section 10.5).
 * PRIORITY and WINDOW_UPDATE are measured by what the connection carries, by Envoy's formulas; PING
 * and SETTINGS by time. Beyond that the connection ends with ENHANCE_YOUR_CALM. Loop-owned.
 */
final class FrameAllowance {
    private static final long PRIORITY_PER_STREAM = 100;
    private static final long WINDOW_UPDATES_AT_FIRST = 5;
    private static final long WINDOW_UPDATES_PER_DATA = 10;

    /** Smaller windows than this are not worth a WINDOW_UPDATE each. */
    private static final int SMALLEST_DATA = 256;

    /** A busy gRPC client sends a few pings each second to measure its window. */
    private static final long MOST_ASKED_AT_ONCE = 1_000;

    private static final long ASKED_PER_SECOND = 100;

    private final Ticker ticker;
    private final long start;
    private long priorities;
    private long windowUpdates;
    private long streams;
    private long dataSent;
    private long asked;

    FrameAllowance(Ticker ticker) {
        this.ticker = ticker;
        start = ticker.nanoTime();
    }

    /** The client opened a stream. */
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
        check("PRIORITY", ++priorities, PRIORITY_PER_STREAM * (1 + streams));
    }

    void windowUpdate() throws Http2Exception {
        check(
                "WINDOW_UPDATE",
                ++windowUpdates,
                WINDOW_UPDATES_AT_FIRST + 2 * (streams + WINDOW_UPDATES_PER_DATA * dataSent));
    }

    /** A frame that asks for an answer: PING or SETTINGS. */
    void asks() throws Http2Exception {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(ticker.nanoTime() - start);
        long earned = MOST_ASKED_AT_ONCE + ASKED_PER_SECOND * seconds;
        asked = Math.max(asked, earned - MOST_ASKED_AT_ONCE) + 1;
        check("PING and SETTINGS", asked, earned);
    }

    private static void check(String what, long count, long most) throws Http2Exception {
        if (count > most) {
            throw Http2Exception.connectionError(
                    Http2Error.ENHANCE_YOUR_CALM,
                    "%s %s frames (expected: at most %s by now)",
                    count,
                    what,
                    most);
        }
    }
}
