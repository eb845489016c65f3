package dev.sluice.proxy.snapshot.listener;

import java.time.Duration;
import java.util.Optional;

/**
 * How long clients' connections live, and what of HTTP/2 they may send that moves nothing.
 * Immutable.
 *
 * @param mostRequests that one connection carries before it is asked to leave; 0: any number
 * @param longest time of one connection before it is asked to leave; zero: none
 * @param floods bounds of cheap frames
 * @param keepAlive absent: no pings
 */
public record ConnectionSpec(
        int mostRequests, Duration longest, FloodLimits floods, Optional<KeepAlive> keepAlive) {
    /** Envoy's defaults. */
    public static final ConnectionSpec DEFAULT =
            new ConnectionSpec(0, Duration.ZERO, FloodLimits.DEFAULT, Optional.empty());

    /**
     * Bounds of frames that cost a peer nothing (Envoy {@code Http2ProtocolOptions}). One more ends
     * the connection with ENHANCE_YOUR_CALM.
     *
     * @param outbound frames but DATA that wait to be sent; DATA waits by its windows
     * @param outboundControl of them answers to PING and SETTINGS, and RST_STREAM
     * @param emptyData frames of DATA without bytes and without end, one after the other
     * @param priorityPerStream PRIORITY frames for each stream, and once more
     * @param windowUpdatesPerData WINDOW_UPDATE frames for each frame of DATA sent
     */
    public record FloodLimits(
            int outbound,
            int outboundControl,
            int emptyData,
            int priorityPerStream,
            int windowUpdatesPerData) {
        /** Envoy's defaults. */
        public static final FloodLimits DEFAULT = new FloodLimits(10_000, 1_000, 1, 100, 10);
    }

    /**
     * Pings of connections (Envoy {@code KeepaliveSettings}).
     *
     * @param interval between an answer and the next ping, positive
     * @param timeout for an answer, after which the connection is closed; positive
     * @param jitter most that is added to an interval, as a part of it; 0..1
     */
    public record KeepAlive(Duration interval, Duration timeout, double jitter) {}
}
