package dev.sluice.e2e.differential;

import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.Headers;

/** What a client sends on a connection of its own. Immutable. */
sealed interface Sent {
    /**
     * Bytes of HTTP/1.
     *
     * @param head exactly these characters, as ISO-8859-1
     * @param body follows them
     * @param pace when the body follows, and whether the client's side then ends
     * @param answers how many final answers are read, as long as the connection lives
     */
    record H1(String head, String body, Pace pace, int answers) implements Sent {
        /** Whether the answer has no body whatever its head says. */
        boolean isHead() {
            return head.startsWith("HEAD ");
        }
    }

    /**
     * Frames of HTTP/2: one HEADERS frame, DATA unless empty, HEADERS again unless empty.
     *
     * @param head pseudo-header fields and fields as they go to the wire
     */
    record H2(Headers head, Body body, Headers trailers) implements Sent {}

    /** How the parts of an HTTP/1 request follow each other. */
    enum Pace {
        /** All at once. */
        AT_ONCE,
        /** The body when an interim answer has come; never, when a final one comes instead. */
        AFTER_INTERIM,
        /** All at once, and then FIN. */
        THEN_FIN
    }
}
