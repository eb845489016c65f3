package dev.sluice.proxy.codec.http2;

import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Headers;

/** Netty's HPACK decoder, made to fill our own fields. Loop-owned. */
final class BlockDecoder extends DefaultHttp2HeadersDecoder {
    private final int maxFields;

    BlockDecoder(long maxListBytes, int maxFields) {
        super(/* validateHeaders= */ false, /* validateHeaderValues= */ false, maxListBytes);
        this.maxFields = maxFields;
    }

    @Override
    protected Http2Headers newHeaders() {
        return new ReceivedFields(maxFields);
    }
}
