package dev.sluice.proxy.boot;

import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H2Answer;
import dev.sluice.testkit.http.H2Client;
import dev.sluice.testkit.http.H2Stream;
import java.util.List;
import java.util.Optional;

/**
 * One row of docs/reference/edge-cases.md. Immutable.
 *
 * @param group its chapter, 1..24
 * @param name what is unusual about it
 * @param asked what the client sends
 * @param answered what the upstream answers
 * @param seen fields of the request that the row tells as the upstream got them
 * @param told fields of the answer that the row tells as the client got them
 * @param then what else happens
 */
record EdgeCase(
        int group,
        String name,
        Asked asked,
        Answered answered,
        List<String> seen,
        List<String> told,
        Then then) {
    /** A request without anything unusual. */
    static final Asked GET =
            Asked.both(
                    "GET / HTTP/1.1\r\nhost: a.test\r\n\r\n",
                    (client, stream) -> stream.sendLast(H2Client.request("GET", "/")));

    /**
     * What a client sends.
     *
     * @param text over HTTP/1.1; absent: it has no such thing
     * @param frames over HTTP/2; absent: it has no such thing
     */
    record Asked(Optional<String> text, Optional<Frames> frames) {
        static Asked both(String text, Frames frames) {
            return new Asked(Optional.of(text), Optional.of(frames));
        }
    }

    /** What a client of HTTP/2 sends. */
    @FunctionalInterface
    interface Frames {
        void send(H2Client client, H2Stream stream);
    }

    /** What an upstream answers. */
    sealed interface Answered {
        /** 200 with the request's body, and with what was seen of it. */
        record Echo() implements Answered {}

        /**
         * This.
         *
         * @param http1 absent: HTTP/1.1 has no such thing
         * @param http2 absent: HTTP/2 has no such thing
         */
        record This(Optional<H1Answer> http1, Optional<H2Answer> http2) implements Answered {}
    }

    /** What else happens. */
    enum Then {
        NOTHING,
        /** The client leaves once the upstream has its request. */
        CLIENT_LEAVES,
        /** The same, but it would go on reading; HTTP/2 has no such thing. */
        CLIENT_ENDS_ITS_SIDE,
        /** The configuration loses the cluster once the upstream has the request. */
        CLUSTER_GOES
    }

    private static EdgeCase echoed(int group, String name, Asked asked) {
        return new EdgeCase(
                group, name, asked, new Answered.Echo(), List.of(), List.of(), Then.NOTHING);
    }

    /** A request that both protocols can carry. */
    static EdgeCase asked(int group, String name, String text, Frames frames) {
        return echoed(group, name, Asked.both(text, frames));
    }

    /** A request that only HTTP/1.1 can carry. */
    static EdgeCase http1(int group, String name, String text) {
        return echoed(group, name, new Asked(Optional.of(text), Optional.empty()));
    }

    /** A request that only HTTP/2 can carry. */
    static EdgeCase http2(int group, String name, Frames frames) {
        return echoed(group, name, new Asked(Optional.empty(), Optional.of(frames)));
    }

    /** An answer that both protocols can carry. */
    static EdgeCase answered(int group, String name, H1Answer http1, H2Answer http2) {
        return echoed(group, name, GET).answered(Optional.of(http1), Optional.of(http2));
    }

    /** An answer that only HTTP/1.1 can carry. */
    static EdgeCase answeredHttp1(int group, String name, H1Answer http1) {
        return echoed(group, name, GET).answered(Optional.of(http1), Optional.empty());
    }

    /** An answer that only HTTP/2 can carry. */
    static EdgeCase answeredHttp2(int group, String name, H2Answer http2) {
        return echoed(group, name, GET).answered(Optional.empty(), Optional.of(http2));
    }

    EdgeCase answered(Optional<H1Answer> http1, Optional<H2Answer> http2) {
        return new EdgeCase(group, name, asked, new Answered.This(http1, http2), seen, told, then);
    }

    /** Asked over HTTP/1 alone. */
    EdgeCase asking(String text) {
        Asked other = new Asked(Optional.of(text), Optional.empty());
        return new EdgeCase(group, name, other, answered, seen, told, then);
    }

    EdgeCase asking(String text, Frames frames) {
        return new EdgeCase(group, name, Asked.both(text, frames), answered, seen, told, then);
    }

    EdgeCase seen(String... names) {
        return new EdgeCase(group, name, asked, answered, List.of(names), told, then);
    }

    EdgeCase told(String... names) {
        return new EdgeCase(group, name, asked, answered, seen, List.of(names), then);
    }

    EdgeCase then(Then what) {
        return new EdgeCase(group, name, asked, answered, seen, told, what);
    }
}
