package dev.sluice.proxy.listen;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2CodecUtil;
import java.nio.charset.StandardCharsets;

/**
 * Tells HTTP/2 without TLS ({@code h2c}, by its preface) from HTTP/1.1 and 1.0 (by the request
 * line). What is neither stays without a protocol, as in Envoy. Pure.
 */
final class HttpInspector implements Inspection.Filter {
    private static final ByteBuf PREFACE =
            Unpooled.unreleasableBuffer(Http2CodecUtil.connectionPrefaceBuf());

    /** As Envoy: a request line has at most 8 KiB here. */
    private static final int LONGEST_LINE = 8 * 1024;

    @Override
    public Inspection inspect(ByteBuf seen, ConnectionFacts facts) {
        if (facts.transportProtocol().equals(ConnectionFacts.TLS)) {
            return new Inspection.Found(facts, 0);
        }
        int known = Math.min(seen.readableBytes(), PREFACE.readableBytes());
        if (known == 0) {
            return new Inspection.More();
        }
        if (seen.slice(seen.readerIndex(), known).equals(PREFACE.slice(0, known))) {
            return known < PREFACE.readableBytes()
                    ? new Inspection.More()
                    : new Inspection.Found(facts.speaking("h2c"), 0);
        }
        return http1(seen, facts);
    }

    private static Inspection http1(ByteBuf seen, ConnectionFacts facts) {
        int first = seen.getByte(seen.readerIndex());
        boolean letter = (first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z');
        if (!letter) {
            return new Inspection.Found(facts, 0);
        }
        int end = seen.bytesBefore((byte) '\n');
        if (end < 0) {
            return seen.readableBytes() > LONGEST_LINE
                    ? new Inspection.Found(facts, 0)
                    : new Inspection.More();
        }
        String line = seen.toString(seen.readerIndex(), end, StandardCharsets.ISO_8859_1).strip();
        if (line.endsWith(" HTTP/1.1")) {
            return new Inspection.Found(facts.speaking("http/1.1"), 0);
        }
        return new Inspection.Found(
                line.endsWith(" HTTP/1.0") ? facts.speaking("http/1.0") : facts, 0);
    }
}
