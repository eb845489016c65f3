package dev.sluice.testkit.http;

/**
 * A request as an {@link H1Upstream} read it. Immutable.
 *
 * @param connection 1 for the first connection of the upstream, and so on
 * @param method first word of the request line
 * @param target second word, untouched
 * @param version third word, such as {@code HTTP/1.1}
 * @param headers the header section
 * @param body the body; empty while it has not been read
 * @param trailers fields after a chunked body
 */
public record H1Request(
        int connection,
        String method,
        String target,
        String version,
        Headers headers,
        Body body,
        Headers trailers) {
    H1Request with(H1Wire.Content content) {
        return new H1Request(
                connection, method, target, version, headers, content.body(), content.trailers());
    }
}
