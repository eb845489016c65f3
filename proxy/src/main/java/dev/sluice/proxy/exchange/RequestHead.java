package dev.sluice.proxy.exchange;

/**
 * The head of a request, the same for HTTP/1.1 and HTTP/2. Hop-by-hop fields are gone, framing is
 * settled: {@code content-length} is present only when it is valid, {@code transfer-encoding}
 * never. The block belongs to whoever holds the head; a step that changes something makes a new
 * head on a copy.
 *
 * @param method such as {@code GET}, case kept
 * @param scheme {@code http} or {@code https}
 * @param authority host and optional port as the client sent it; empty for HTTP/1.0 without Host
 * @param path raw path and query, or {@code *}
 * @param headers without pseudo-headers and without {@code host}
 */
public record RequestHead(
        CharSequence method,
        CharSequence scheme,
        CharSequence authority,
        CharSequence path,
        HeaderBlock headers) {

    public RequestHead withPath(CharSequence other) {
        return other == path ? this : new RequestHead(method, scheme, authority, other, headers);
    }

    public RequestHead withHeaders(HeaderBlock other) {
        return new RequestHead(method, scheme, authority, path, other);
    }
}
