package dev.sluice.proxy.snapshot.part;

/**
 * Bounds of frames of HTTP/2 that cost a peer nothing (Envoy {@code Http2ProtocolOptions}). One
 * more ends the connection with ENHANCE_YOUR_CALM. Immutable.
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
