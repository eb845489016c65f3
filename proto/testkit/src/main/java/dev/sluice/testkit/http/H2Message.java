package dev.sluice.testkit.http;

import java.util.List;

/**
 * One side of an HTTP/2 stream, read to its end. Immutable.
 *
 * @param interim 1xx heads before the head
 * @param head pseudo-header fields and fields; {@link Headers#NONE} when the stream ended before
 * @param body all DATA
 * @param trailers fields after the body
 * @param end how the side ended
 */
public record H2Message(List<Headers> interim, Headers head, Body body, Headers trailers, End end) {
    public H2Message {
        interim = List.copyOf(interim);
    }

    /** How a side of a stream ended. */
    public sealed interface End {
        /** END_STREAM. */
        record Complete() implements End {}

        /** RST_STREAM with its code, RFC 9113 §7. */
        record Reset(long code) implements End {}

        /** The peer's GOAWAY names a lower stream. */
        record GivenUp() implements End {}

        /** The connection ended first. */
        record Disconnected() implements End {}
    }

    /** {@code :status} of an answer; -1 when there is none. */
    public int status() {
        return head.first(":status").map(Integer::parseInt).orElse(-1);
    }

    /** {@code :method} of a request, else empty. */
    public String method() {
        return head.first(":method").orElse("");
    }

    /** {@code :path} of a request, else empty. */
    public String path() {
        return head.first(":path").orElse("");
    }
}
