package dev.sluice.proxy.codec.http2;

import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.HeaderNames;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.exchange.ResponseHead;
import io.netty.util.AsciiString;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Says in the words of HTTP/1.1 what a client asks for by extended CONNECT (RFC 8441), and the
 * answer in those of HTTP/2. A WebSocket over HTTP/2 has no key; one over HTTP/1.1 needs one, which
 * is made up here. Stateless.
 */
final class ExtendedConnect {
    /** Whether a connection takes it (RFC 8441 section 3). */
    static final char SETTINGS_ENABLE_CONNECT_PROTOCOL = 8;

    private static final AsciiString GET = AsciiString.cached("GET");
    private static final AsciiString WEBSOCKET = AsciiString.cached("websocket");
    private static final AsciiString KEY = AsciiString.cached("sec-websocket-key");
    private static final AsciiString ACCEPT = AsciiString.cached("sec-websocket-accept");
    private static final int KEY_BYTES = 16;

    private ExtendedConnect() {}

    /** The head that the path sees. */
    static RequestHead request(ReceivedFields fields, CharSequence scheme) {
        HeaderBlock headers = fields.block();
        headers.remove(HeaderNames.CONTENT_LENGTH);
        headers.add(HeaderNames.UPGRADE, fields.protocol());
        if (fields.protocol().contentEqualsIgnoreCase(WEBSOCKET) && !headers.contains(KEY)) {
            byte[] key = new byte[KEY_BYTES];
            ThreadLocalRandom.current().nextBytes(key);
            headers.add(KEY, Base64.getEncoder().encodeToString(key));
        }
        return new RequestHead(
                GET, scheme, fields.authority(), fields.path(), headers, fields.protocol());
    }

    /** The agreement as the client sees it. */
    static ResponseHead agreement(ResponseHead head) {
        head.headers().remove(ACCEPT);
        head.headers().remove(HeaderNames.CONTENT_LENGTH);
        return new ResponseHead(200, head.headers());
    }
}
