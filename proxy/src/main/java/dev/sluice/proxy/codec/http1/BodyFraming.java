package dev.sluice.proxy.codec.http1;

/** How the end of a body is known on the wire (RFC 9112 section 6.3). Immutable. */
sealed interface BodyFraming {
    /** No body at all, whatever the fields say. */
    record None() implements BodyFraming {}

    /**
     * Exactly so many bytes.
     *
     * @param bytes at least 0
     */
    record Length(long bytes) implements BodyFraming {}

    /** Chunks, then trailers. */
    record Chunked() implements BodyFraming {}

    /** Up to the end of the connection, or of its half; answers and changed protocols only. */
    record UntilClose() implements BodyFraming {}

    /** Whether nothing follows the head. */
    default boolean isEmpty() {
        return this instanceof None || (this instanceof Length(long bytes) && bytes == 0);
    }
}
