package dev.sluice.testkit.http;

import io.netty.handler.codec.http2.Http2Error;
import java.util.concurrent.CountDownLatch;

/**
 * What an {@link H2Upstream} does about one request: a piece of script. Answers combine: {@code
 * ok("body").after(latch)}.
 */
@FunctionalInterface
public interface H2Answer {
    /** Plays the answer on the stream's virtual thread; may block. */
    void play(H2Stream stream);

    /** 200 with a body. */
    static H2Answer ok(String body) {
        return of(200, Headers.NONE, Body.of(body), Headers.NONE);
    }

    /** Status and fields without a body. */
    static H2Answer status(int status, String... namesAndValues) {
        return of(status, Headers.of(namesAndValues), Body.EMPTY, Headers.NONE);
    }

    /** Any status, fields, body and trailers; an absent part sends no frame. */
    static H2Answer of(int status, Headers headers, Body body, Headers trailers) {
        return stream -> {
            Headers head = head(status, headers);
            boolean hasTrailers = !trailers.fields().isEmpty();
            if (body.size() == 0 && !hasTrailers) {
                stream.sendLast(head);
                return;
            }
            stream.send(head);
            if (!hasTrailers) {
                stream.sendLastData(body.bytes());
                return;
            }
            if (body.size() > 0) {
                stream.sendData(body.bytes());
            }
            stream.sendLast(trailers);
        };
    }

    /** A head and a part of the body, the side left open. Combine with an end. */
    static H2Answer partial(String sent) {
        return stream -> {
            stream.send(head(200, Headers.NONE));
            stream.sendData(Body.of(sent).bytes());
        };
    }

    /** RST_STREAM. */
    static H2Answer reset(Http2Error code) {
        return stream -> stream.reset(code);
    }

    /** RST_STREAM with REFUSED_STREAM: nothing was done, and the request may be repeated. */
    static H2Answer refused() {
        return reset(Http2Error.REFUSED_STREAM);
    }

    /** GOAWAY that gives up this very stream: nothing was done about it. */
    static H2Answer goAwayBefore() {
        return stream -> stream.connection().goAway(stream.id() - 2, Http2Error.NO_ERROR);
    }

    /** GOAWAY that still serves this stream. Combine with the answer. */
    static H2Answer goAwayAfter() {
        return stream -> stream.connection().goAway(stream.id(), Http2Error.NO_ERROR);
    }

    /** Ends the connection by FIN. */
    static H2Answer disconnect() {
        return stream -> stream.connection().disconnect();
    }

    /** No answer, ever. */
    static H2Answer silence() {
        return stream -> {};
    }

    /** A 1xx answer before this one. */
    default H2Answer afterInterim(int status, String... namesAndValues) {
        return stream -> {
            stream.send(head(status, Headers.of(namesAndValues)));
            play(stream);
        };
    }

    /** This answer when the test counts the latch down. */
    default H2Answer after(CountDownLatch latch) {
        return stream -> {
            stream.await(latch);
            play(stream);
        };
    }

    /** This answer, then another. */
    default H2Answer then(H2Answer next) {
        return stream -> {
            play(stream);
            next.play(stream);
        };
    }

    private static Headers head(int status, Headers headers) {
        Headers head = Headers.of(":status", String.valueOf(status));
        for (Headers.Field field : headers.fields()) {
            head = head.with(field.name(), field.value());
        }
        return head;
    }
}
