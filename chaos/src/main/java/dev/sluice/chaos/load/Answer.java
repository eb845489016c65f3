package dev.sluice.chaos.load;

import java.util.Optional;
import java.util.OptionalLong;

/** What became of one request. Immutable. */
public sealed interface Answer {
    /**
     * An answer that the client took as complete.
     *
     * @param status of HTTP
     * @param own whether the id that the answer repeats is the request's; empty when it repeats
     *     none
     * @param decision the header {@code x-sluice-decision} as it came; empty without one
     * @param body what came after the head
     */
    record Complete(int status, Optional<Boolean> own, Optional<String> decision, Body body)
            implements Answer {}

    /**
     * An answer whose body broke off, and that the client therefore did not take as complete.
     *
     * @param status of HTTP
     * @param bytes of the body that came
     * @param why the client's words
     */
    record Cut(int status, long bytes, String why) implements Answer {}

    /** No answer: no connection, a reset before the head, or a timeout. */
    record Failed(String why) implements Answer {}

    /** Never sent, as too many requests were under way. */
    record NotSent() implements Answer {}

    /**
     * A whole body.
     *
     * @param bytes its length
     * @param sha256 its hash, in 64 hexadecimal digits
     * @param declared length in {@code content-length}; empty without one
     * @param digest SHA-256 in {@code content-digest} (RFC 9530), as hexadecimal digits; empty
     *     without one
     * @param ended whether it ends as the settings say; empty when they say nothing
     * @param value id of the write whose value it shows; empty when it shows none
     */
    record Body(
            long bytes,
            String sha256,
            OptionalLong declared,
            Optional<String> digest,
            Optional<Boolean> ended,
            OptionalLong value) {}

    /** Whether a user would call it good: complete, and below 500. */
    default boolean good() {
        return this instanceof Complete complete && complete.status() < 500;
    }
}
