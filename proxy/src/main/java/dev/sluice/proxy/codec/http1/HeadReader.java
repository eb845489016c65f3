package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.exchange.CodecRefusal;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec;
import io.netty.util.AsciiString;
import java.util.Optional;

/** Cuts the heads of requests out of what a client sent. Loop-owned. */
final class HeadReader {
    /** A client may send empty lines before a request (RFC 9112 section 2.2). */
    private static final int EMPTY_LINE = 2;

    private final RequestParser parser;
    private final HeadScanner scanner;
    private final ServerClock clock;

    /**
     * @param secure whether the connection is encrypted
     * @param clock is told when a head begins and ends
     */
    HeadReader(HttpConnectionManagerSpec.Limits limits, boolean secure, ServerClock clock) {
        parser = new RequestParser(AsciiString.cached(secure ? "https" : "http"), limits);
        scanner = new HeadScanner(limits.maxRequestHeadersBytes());
        this.clock = clock;
    }

    /** The next request; empty: more has to come. */
    Optional<ParsedRequest> next(Wire wire) {
        while (wire.input().isReadable()) {
            int length = scanner.scan(wire.input());
            if (length == HeadScanner.INCOMPLETE) {
                clock.headBegun();
                return Optional.empty();
            }
            clock.headEnded();
            if (length < 0) {
                return Optional.of(new ParsedRequest.Refused(refusal(length)));
            }
            byte[] bytes = wire.takeBytes(length);
            if (length != EMPTY_LINE) {
                return Optional.of(parser.parse(bytes));
            }
        }
        return Optional.empty();
    }

    private static CodecRefusal refusal(int length) {
        return switch (length) {
            case HeadScanner.FIRST_LINE_TOO_LONG -> CodecRefusal.URI_TOO_LONG;
            case HeadScanner.TOO_LARGE -> CodecRefusal.HEADERS_TOO_LARGE;
            default -> CodecRefusal.MALFORMED_HEAD;
        };
    }
}
