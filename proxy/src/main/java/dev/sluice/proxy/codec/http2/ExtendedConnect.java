package dev.sluice.proxy.codec.http2;

import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.HeaderNames;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.exchange.ResponseHead;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Says in the words of HTTP/1.1 what a client asks for by extended CONNECT (RFC 8441), and the
 * answer in those of HTTP/2; towards an upstream the other way round. A WebSocket over HTTP/2 has
 * no key; one over HTTP/1.1 needs one, which is made up here, and the proof that the server knows
 * it. CONNECT without a protocol is the same in both. Stateless.
 */
final class ExtendedConnect {
    /** Whether a connection takes it (RFC 8441 section 3). */
    static final char SETTINGS_ENABLE_CONNECT_PROTOCOL = 8;

    private static final AsciiString GET = AsciiString.cached("GET");
    private static final AsciiString WEBSOCKET = AsciiString.cached("websocket");
    private static final AsciiString KEY = AsciiString.cached("sec-websocket-key");
    private static final AsciiString ACCEPT = AsciiString.cached("sec-websocket-accept");
    private static final int KEY_BYTES = 16;

    /** What a server puts behind the key (RFC 6455 section 1.3). */
    private static final String PROOF = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private ExtendedConnect() {}

    /** The head that the path sees. */
    static RequestHead request(ReceivedFields fields, CharSequence scheme) {
        HeaderBlock headers = fields.block();
        headers.remove(HeaderNames.CONTENT_LENGTH);
        if (fields.isConnect()) {
            return RequestHead.connect(scheme, fields.authority(), headers);
        }
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
        int status = head.status() == 101 ? 200 : head.status();
        return new ResponseHead(status, head.headers(), head.isTunnel());
    }

    /** The agreement of an upstream as the path sees it: the status is 101 but for CONNECT. */
    static ResponseHead agreed(ResponseHead head, RequestHead asked) {
        HeaderBlock headers = head.headers();
        headers.remove(HeaderNames.CONTENT_LENGTH);
        CharSequence protocol = asked.upgrade();
        if (protocol == null || asked.isConnect()) {
            return new ResponseHead(head.status(), headers, /* isTunnel= */ true);
        }
        headers.set(HeaderNames.UPGRADE, protocol);
        CharSequence key = asked.headers().first(KEY);
        if (key != null && !headers.contains(ACCEPT)) {
            headers.add(ACCEPT, accept(key));
        }
        return new ResponseHead(101, headers);
    }

    private static String accept(CharSequence key) {
        try {
            byte[] proof = (key + PROOF).getBytes(StandardCharsets.ISO_8859_1);
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1").digest(proof));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
