package dev.sluice.proxy.codec.http2;

import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.exchange.StreamReset.Cause;
import io.netty.handler.codec.http2.Http2Error;

/** What a reset is called on the wire (RFC 9113 section 7), both ways. Immutable. */
final class ResetCodes {
    private ResetCodes() {}

    static Http2Error of(StreamReset reset) {
        return switch (reset.cause()) {
            case PEER_RESET, CONNECTION_LOST, LOCAL -> Http2Error.CANCEL;
            case CONNECT_FAILED -> Http2Error.INTERNAL_ERROR;
            case PROTOCOL_ERROR -> Http2Error.INTERNAL_ERROR;
            case OVERFLOW -> reset.unprocessed() ? Http2Error.REFUSED_STREAM : Http2Error.CANCEL;
        };
    }

    static StreamReset received(long code) {
        Http2Error error = Http2Error.valueOf(code);
        return new StreamReset(
                Cause.PEER_RESET,
                /* unprocessed= */ error == Http2Error.REFUSED_STREAM,
                "RST_STREAM " + (error == null ? "code " + code : error.name()));
    }
}
