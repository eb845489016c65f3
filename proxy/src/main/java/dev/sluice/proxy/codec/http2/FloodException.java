package dev.sluice.proxy.codec.http2;

import dev.sluice.proxy.exchange.Flood;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import java.util.Locale;

/** A peer sends too much of what moves nothing: the connection ends with ENHANCE_YOUR_CALM. */
final class FloodException extends Http2Exception {
    private static final long serialVersionUID = 1;

    private final Flood flood;

    FloodException(Flood flood, String what, long count, long most) {
        super(
                Http2Error.ENHANCE_YOUR_CALM,
                "%s %s (expected: at most %s by now)".formatted(count, what, most));
        this.flood = flood;
    }

    /** What kind an error of a connection is; Netty's own tell it by their words alone. */
    static Flood of(Http2Exception error) {
        if (error instanceof FloodException own) {
            return own.flood;
        }
        String words = String.valueOf(error.getMessage()).toLowerCase(Locale.ROOT);
        if (words.contains("empty data")) {
            return Flood.EMPTY_DATA;
        }
        if (words.contains("rst frames")) {
            return Flood.RAPID_RESET;
        }
        return words.contains("continuation") ? Flood.CONTINUATION : Flood.OTHER;
    }
}
