package dev.sluice.proxy.exchange;

import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request, the same for HTTP/1.1 and HTTP/2. Hop-by-hop fields are gone, framing is
 * settled: {@code content-length} is present only when it is valid, {@code transfer-encoding}
 * never. The block belongs to whoever holds the head; a step that changes something makes a new
 * head on a copy.
 *
 * @param method such as {@code GET}, case kept
 * @param scheme {@code http} or {@code https}
 * @param authority host and optional port as the client sent it; empty for HTTP/1.0 without Host
 * @param path raw path and query, or {@code *}; empty for CONNECT, which has none
 * @param headers without pseudo-headers and without {@code host}
 * @param upgrade the protocol that the client asks to change to, such as {@code websocket}; it also
 *     stands in {@code headers}, for whoever matches on it. {@link #CONNECT} for that method, which
 *     stands in no header. Null without such a wish. What follows the head then is no body but
 *     bytes of that protocol
 */
public record RequestHead(
        CharSequence method,
        CharSequence scheme,
        CharSequence authority,
        CharSequence path,
        HeaderBlock headers,
        @Nullable CharSequence upgrade) {
    /** What a client asks for by the method CONNECT: a tunnel to the authority. */
    public static final AsciiString CONNECT = AsciiString.cached("CONNECT");

    /** A wish for a tunnel (RFC 9110 section 9.3.6). */
    public static RequestHead connect(
            CharSequence scheme, CharSequence authority, HeaderBlock headers) {
        return new RequestHead(CONNECT, scheme, authority, /* path= */ "", headers, CONNECT);
    }

    /** A head without a wish to change the protocol. */
    public RequestHead(
            CharSequence method,
            CharSequence scheme,
            CharSequence authority,
            CharSequence path,
            HeaderBlock headers) {
        this(method, scheme, authority, path, headers, /* upgrade= */ null);
    }

    /** Whether it asks for a tunnel by the method CONNECT alone. */
    public boolean isConnect() {
        return upgrade == CONNECT;
    }

    public RequestHead withPath(CharSequence other) {
        return other == path
                ? this
                : new RequestHead(method, scheme, authority, other, headers, upgrade);
    }

    public RequestHead withHeaders(HeaderBlock other) {
        return new RequestHead(method, scheme, authority, path, other, upgrade);
    }
}
