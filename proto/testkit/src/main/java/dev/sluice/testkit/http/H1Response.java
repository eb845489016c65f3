package dev.sluice.testkit.http;

import java.util.List;

/**
 * An answer as {@link RawHttp1Client} read it. Immutable.
 *
 * @param status 100..999
 * @param reason the rest of the status line
 * @param headers the header section
 * @param body the whole body
 * @param trailers fields after a chunked body
 * @param interim 1xx answers that came before, in order
 */
public record H1Response(
        int status,
        String reason,
        Headers headers,
        Body body,
        Headers trailers,
        List<H1Response> interim) {
    public H1Response {
        interim = List.copyOf(interim);
    }

    H1Response with(H1Wire.Content content) {
        return new H1Response(status, reason, headers, content.body(), content.trailers(), interim);
    }
}
