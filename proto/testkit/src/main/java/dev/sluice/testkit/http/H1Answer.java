package dev.sluice.testkit.http;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * What an {@link H1Upstream} does about one request: a piece of script. Answers combine: {@code
 * ok("body").after(latch)}, {@code partial(100, "half").thenReset()}.
 */
@FunctionalInterface
public interface H1Answer {
    /**
     * Plays the answer on the script's thread; may block.
     *
     * @throws IOException when the peer went away, which ends the connection only
     */
    void play(H1Exchange exchange) throws IOException;

    /** 200 with a length. */
    static H1Answer ok(String body) {
        return of(200, Headers.NONE, Body.of(body));
    }

    /** Status and fields without a body ({@code content-length: 0}). */
    static H1Answer status(int status, String... namesAndValues) {
        return of(status, Headers.of(namesAndValues), Body.EMPTY);
    }

    /** Any status, fields and body; a content-length is added, except for 1xx, 204 and 304. */
    static H1Answer of(int status, Headers headers, Body body) {
        boolean bodyless = status < 200 || status == 204 || status == 304;
        Headers framed =
                bodyless ? headers : headers.with("content-length", String.valueOf(body.size()));
        return exchange -> {
            exchange.sendHead(status, framed);
            exchange.send(body.bytes());
        };
    }

    /** 200 with one chunk per text, and trailers. */
    static H1Answer chunked(List<String> chunks, Headers trailers) {
        Headers headers =
                trailers.fields().stream()
                        .map(Headers.Field::name)
                        .reduce((left, right) -> left + ", " + right)
                        .map(names -> Headers.of("trailer", names))
                        .orElse(Headers.NONE)
                        .with("transfer-encoding", "chunked");
        return exchange -> {
            exchange.sendHead(200, headers);
            for (String chunk : chunks) {
                exchange.sendChunk(Body.of(chunk).bytes());
            }
            exchange.endChunks(trailers);
        };
    }

    /** 200 with one chunk per text. */
    static H1Answer chunked(String... chunks) {
        return chunked(List.of(chunks), Headers.NONE);
    }

    /** 200 without a length: the body ends with the connection. */
    static H1Answer untilClose(String body) {
        return exchange -> {
            exchange.sendHead(200, Headers.of("connection", "close"));
            exchange.send(Body.of(body).bytes());
            exchange.close();
        };
    }

    /** A head that promises {@code promised} bytes, and fewer of them. Combine with an end. */
    static H1Answer partial(int promised, String sent) {
        return exchange -> {
            exchange.sendHead(200, Headers.of("content-length", String.valueOf(promised)));
            exchange.send(Body.of(sent).bytes());
        };
    }

    /** Exactly these characters, as ISO-8859-1. */
    static H1Answer raw(String wire) {
        return exchange -> exchange.send(wire);
    }

    /** RST before any byte. */
    static H1Answer reset() {
        return H1Exchange::reset;
    }

    /** FIN before any byte. */
    static H1Answer close() {
        return H1Exchange::close;
    }

    /** Silence until the peer ends the connection or the upstream closes. */
    static H1Answer silence() {
        return exchange -> {
            exchange.connection().readToEnd();
            exchange.close();
        };
    }

    /** A 1xx answer before this one. */
    default H1Answer afterInterim(int status, String... namesAndValues) {
        return exchange -> {
            exchange.sendHead(status, Headers.of(namesAndValues));
            play(exchange);
        };
    }

    /** This answer when the test counts the latch down. */
    default H1Answer after(CountDownLatch latch) {
        return exchange -> {
            exchange.await(latch);
            play(exchange);
        };
    }

    /** This answer, then another. */
    default H1Answer then(H1Answer next) {
        return exchange -> {
            play(exchange);
            next.play(exchange);
        };
    }

    /** This answer, then RST. */
    default H1Answer thenReset() {
        return then(reset());
    }

    /** This answer, then FIN. */
    default H1Answer thenClose() {
        return then(close());
    }
}
