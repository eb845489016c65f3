package dev.sluice.testkit.http;

import io.netty.handler.codec.http2.Http2Settings;

/**
 * What an end of HTTP/2 announces, RFC 9113 §6.5.2. Immutable.
 *
 * @param initialWindow bytes per stream, 0..2^31-1; 65,535 by default
 * @param maxConcurrentStreams 0..2^31-1; 2^31-1 by default
 * @param takesChanges whether a server takes CONNECT with a protocol (RFC 8441); by default it does
 *     not
 */
public record H2Settings(int initialWindow, int maxConcurrentStreams, boolean takesChanges) {
    /** The protocol's own values. */
    public static final H2Settings STANDARD =
            new H2Settings(65_535, Integer.MAX_VALUE, /* takesChanges= */ false);

    public H2Settings {
        if (initialWindow < 0 || maxConcurrentStreams < 0) {
            throw new IllegalArgumentException(
                    "window "
                            + initialWindow
                            + ", streams "
                            + maxConcurrentStreams
                            + " (expected: >= 0)");
        }
    }

    /** These settings with another window per stream. */
    public H2Settings withInitialWindow(int bytes) {
        return new H2Settings(bytes, maxConcurrentStreams, takesChanges);
    }

    /** These settings with another bound on concurrent streams. */
    public H2Settings withMaxConcurrentStreams(int streams) {
        return new H2Settings(initialWindow, streams, takesChanges);
    }

    /** These settings of a server that takes CONNECT with a protocol. */
    public H2Settings takingChanges() {
        return new H2Settings(initialWindow, maxConcurrentStreams, /* takesChanges= */ true);
    }

    Http2Settings forServer() {
        Http2Settings settings = forClient().maxConcurrentStreams(maxConcurrentStreams);
        return takesChanges ? settings.connectProtocolEnabled(true) : settings;
    }

    Http2Settings forClient() {
        return Http2Settings.defaultSettings().initialWindowSize(initialWindow);
    }
}
