package dev.sluice.testkit.http;

/** What arrives on an HTTP/2 stream, in order. */
public sealed interface H2Event {
    /** A HEADERS frame: the head, a 1xx answer or trailers, told apart by their place. */
    record Head(Headers headers, boolean last) implements H2Event {}

    /**
     * A DATA frame.
     *
     * @param credit bytes of the window that it used, padding counted
     */
    record Data(Body body, int credit, boolean last) implements H2Event {}

    /** RST_STREAM with its code, RFC 9113 §7. */
    record Reset(long code) implements H2Event {}

    /**
     * The peer's GOAWAY names a lower stream: nothing was done, and the request may be repeated.
     */
    record GivenUp() implements H2Event {}

    /** The connection ended before the stream did. */
    record Disconnected() implements H2Event {}
}
