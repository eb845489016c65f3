package dev.sluice.e2e.differential;

import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.Headers;

/** What a client sends on a connection of its own. Immutable. */
sealed interface Sent {
    /** The same, with one more header field. */
    Sent with(String name, String value);

    /**
     * Bytes of HTTP/1.
     *
     * @param head exactly these characters, as ISO-8859-1
     * @param body follows them
     * @param pace when the body follows, and whether the client's side then ends
     * @param answers how many final answers are read, as long as the connection lives
     */
    record H1(String head, String body, Pace pace, int answers) implements Sent {
        /** Behind the request line. */
        @Override
        public Sent with(String name, String value) {
            int line = head.indexOf("\r\n") + 2;
            String field = name + ": " + value + "\r\n";
            return new H1(
                    head.substring(0, line) + field + head.substring(line), body, pace, answers);
        }

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
    record H2(Headers head, Body body, Headers trailers) implements Sent {
        @Override
        public Sent with(String name, String value) {
            return new H2(head.with(name, value), body, trailers);
        }
    }

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
