package dev.sluice.proxy.codec.http2;

import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;

/** The window that all streams of a connection share. Immutable. */
final class ConnectionWindow {
    private ConnectionWindow() {}

    /**
     * Makes the window for what the peer sends larger; the protocol's own 65,535 bytes stay when
     * less is asked for.
     */
    static void widen(Http2Connection connection, int bytes) throws Http2Exception {
        int more = bytes - Http2CodecUtil.DEFAULT_WINDOW_SIZE;
        if (more > 0) {
            connection
                    .local()
                    .flowController()
                    .incrementWindowSize(connection.connectionStream(), more);
        }
    }
}
