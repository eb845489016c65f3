package dev.sluice.proxy.boot;

import static dev.sluice.proxy.boot.EdgeCase.answered;
import static dev.sluice.proxy.boot.EdgeCase.answeredHttp1;
import static dev.sluice.proxy.boot.EdgeCase.answeredHttp2;

import dev.sluice.proxy.boot.EdgeCase.Then;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H2Answer;
import dev.sluice.testkit.http.H2Client;
import dev.sluice.testkit.http.Headers;
import io.netty.handler.codec.http2.Http2Error;
import java.util.List;
import java.util.stream.Stream;

/** Cases of what upstreams answer. */
final class EdgeAnswers {
    private static final String LONG = "x".repeat(70_000);

    private static final String AGREE =
            """
            HTTP/1.1 101 Switching Protocols\r
            connection: upgrade\r
            upgrade: x\r
            \r
            """;

    private static final String HTTP_1_0 = "GET / HTTP/1.0\r\nhost: a.test\r\n\r\n";

    private EdgeAnswers() {}

    static Stream<EdgeCase> all() {
        return Stream.of(
                        framing(),
                        fields(),
                        interim(),
                        bodyless(),
                        trailers(),
                        resets(),
                        endings(),
                        early(),
                        statuses(),
                        swaps())
                .flatMap(List::stream);
    }

    /** 200 over HTTP/1.1 with these lines and body. */
    private static H1Answer raw(String lines, String body) {
        return H1Answer.raw("HTTP/1.1 200 OK\r\n" + lines + "\r\n\r\n" + body);
    }

    private static H2Answer of(String body, String... fields) {
        return H2Answer.of(200, Headers.of(fields), Body.of(body), Headers.NONE);
    }

    private static List<EdgeCase> framing() {
        return List.of(
                answered(
                                1,
                                "fields of the upstream's connection",
                                raw(
                                        "connection: x-hop\r\nx-hop: 1\r\nkeep-alive:"
                                                + " timeout=5\r\ncontent-length: 2",
                                        "ok"),
                                of("ok", "x-hop", "1", "connection", "x-hop"))
                        .told("x-hop", "keep-alive"),
                answeredHttp1(
                        2,
                        "both framings in an answer",
                        raw("transfer-encoding: chunked\r\ncontent-length: 2", "0\r\n\r\n")),
                answered(
                        2,
                        "lengths of an answer that differ",
                        raw("content-length: 2\r\ncontent-length: 3", "ok"),
                        of("ok", "content-length", "2", "content-length", "3")),
                answered(
                        2,
                        "an unknown coding of an answer",
                        raw("transfer-encoding: xchunked", "ok").thenClose(),
                        of("ok", "transfer-encoding", "xchunked")),
                answeredHttp1(
                        3,
                        "a malformed chunk of an answer",
                        raw("transfer-encoding: chunked", "zz\r\nok\r\n")),
                answered(
                        3,
                        "an answer that breaks off",
                        H1Answer.partial(10, "half").thenClose(),
                        H2Answer.partial("half").then(H2Answer.disconnect())),
                answered(
                        6,
                        "an answer shorter than its length",
                        H1Answer.partial(10, "half").thenClose(),
                        of("half", "content-length", "10")),
                answeredHttp2(
                        6, "an answer longer than its length", of("half", "content-length", "2")));
    }

    private static List<EdgeCase> fields() {
        return List.of(
                answered(
                        4,
                        "NUL in a value of an answer",
                        raw("a: b\0c\r\ncontent-length: 0", ""),
                        of("ok", "a", "b\0c")),
                answered(
                        4,
                        "a line break in a value of an answer",
                        raw("a: b\r\n c\r\ncontent-length: 0", ""),
                        of("ok", "a", "b\r\n c")),
                answeredHttp2(6, "an upper-case name in an answer", of("ok", "X-Upper", "1")),
                answeredHttp2(
                        6,
                        "an answer without status",
                        stream -> stream.sendLast(Headers.of("a", "b"))),
                answered(
                        7,
                        "a head of an answer over its limit",
                        raw("a: " + LONG + "\r\ncontent-length: 0", ""),
                        of("ok", "a", LONG)));
    }

    private static List<EdgeCase> interim() {
        H1Answer many = H1Answer.ok("ok");
        H2Answer many2 = H2Answer.ok("ok");
        for (int i = 0; i < 33; i++) {
            many = many.afterInterim(103);
            many2 = many2.afterInterim(103);
        }
        return List.of(
                answered(
                        9,
                        "103 before the answer",
                        H1Answer.ok("ok").afterInterim(103),
                        H2Answer.ok("ok").afterInterim(103)),
                answered(
                                9,
                                "103 for a client of HTTP/1.0",
                                H1Answer.ok("ok").afterInterim(103),
                                H2Answer.ok("ok").afterInterim(103))
                        .asking(HTTP_1_0),
                answered(9, "33 interim heads", many, many2),
                answered(
                        9,
                        "101 that nobody asked for",
                        H1Answer.raw(AGREE),
                        stream -> stream.sendLast(Headers.of(":status", "101"))));
    }

    private static List<EdgeCase> bodyless() {
        return List.of(
                answered(
                                10,
                                "an answer to HEAD",
                                raw("content-length: 5", ""),
                                stream ->
                                        stream.sendLast(
                                                Headers.of(
                                                        ":status", "200", "content-length", "5")))
                        .asking(
                                "HEAD / HTTP/1.1\r\nhost: a.test\r\n\r\n",
                                (client, stream) -> stream.sendLast(H2Client.request("HEAD", "/")))
                        .told("content-length"),
                answered(10, "204", H1Answer.status(204), H2Answer.status(204))
                        .told("content-length", "transfer-encoding"),
                answered(
                                10,
                                "304 with a length",
                                H1Answer.raw(
                                        "HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n"),
                                H2Answer.status(304, "content-length", "5"))
                        .told("content-length"),
                answered(10, "205", H1Answer.status(205), H2Answer.status(205))
                        .told("content-length", "transfer-encoding"),
                answeredHttp1(
                        10,
                        "204 with a coding",
                        H1Answer.raw(
                                "HTTP/1.1 204 No Content\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n")),
                answeredHttp1(11, "a body up to the connection's end", H1Answer.untilClose("ok")),
                answered(
                                11,
                                "an answer in chunks for a client of HTTP/1.0",
                                H1Answer.chunked(List.of("ok"), Headers.NONE),
                                H2Answer.ok("ok"))
                        .asking(HTTP_1_0)
                        .told("transfer-encoding"));
    }

    private static List<EdgeCase> trailers() {
        return List.of(
                answered(
                                12,
                                "trailers of an answer",
                                H1Answer.chunked(List.of("ok"), Headers.of("x-t", "1")),
                                H2Answer.of(
                                        200, Headers.NONE, Body.of("ok"), Headers.of("x-t", "1")))
                        .asking(
                                "GET / HTTP/1.1\r\nhost: a.test\r\nte: trailers\r\n\r\n",
                                (client, stream) ->
                                        stream.sendLast(
                                                H2Client.request("GET", "/", "te", "trailers")))
                        .told("trailer x-t"),
                answered(
                                12,
                                "gRPC and no answer in time",
                                H1Answer.silence(),
                                stream -> stream.readMessage())
                        .asking(
                                EdgeRequests.head(
                                        "POST /slow HTTP/1.1",
                                        "host: a.test",
                                        "te: trailers",
                                        "content-type: application/grpc",
                                        "content-length: 0"),
                                (client, stream) ->
                                        stream.sendLast(
                                                H2Client.request(
                                                        "POST",
                                                        "/slow",
                                                        "te",
                                                        "trailers",
                                                        "content-type",
                                                        "application/grpc")))
                        .told("grpc-status"),
                answeredHttp2(
                                12,
                                "gRPC whose status comes with the head",
                                stream ->
                                        stream.sendLast(
                                                Headers.of(
                                                        ":status",
                                                        "200",
                                                        "content-type",
                                                        "application/grpc",
                                                        "grpc-status",
                                                        "5")))
                        .told("grpc-status"));
    }

    private static List<EdgeCase> resets() {
        return List.of(
                answered(
                                14,
                                "a client that leaves",
                                H1Answer.silence(),
                                stream -> stream.readMessage())
                        .then(Then.CLIENT_LEAVES),
                answered(
                                14,
                                "a client that leaves within its request",
                                H1Answer.silence(),
                                stream -> stream.readMessage())
                        .asking(
                                "POST / HTTP/1.1\r\nhost: a.test\r\ncontent-length: 9\r\n\r\nhi",
                                (client, stream) -> {
                                    stream.send(H2Client.request("POST", "/"));
                                    stream.sendData(new byte[] {'h', 'i'});
                                })
                        .then(Then.CLIENT_LEAVES),
                answeredHttp2(
                        14,
                        "a reset within the answer",
                        H2Answer.partial("half").then(H2Answer.reset(Http2Error.CANCEL))),
                answeredHttp2(14, "REFUSED_STREAM", H2Answer.refused()),
                answeredHttp2(14, "GOAWAY that leaves the request out", H2Answer.goAwayBefore()));
    }

    private static List<EdgeCase> endings() {
        return List.of(
                answered(
                        15,
                        "an upstream that takes no more",
                        raw("connection: close\r\ncontent-length: 2", "ok").thenClose(),
                        H2Answer.goAwayAfter().then(H2Answer.ok("ok"))),
                answeredHttp1(
                        17,
                        "bytes behind an answer",
                        raw(
                                "content-length: 2",
                                "okHTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n")));
    }

    private static List<EdgeCase> early() {
        return List.of(
                answered(
                                17,
                                "an answer before the upload's end",
                                H1Answer.status(413),
                                H2Answer.status(413))
                        .asking(
                                "POST / HTTP/1.1\r\nhost: a.test\r\ncontent-length: 100\r\n\r\nhi",
                                (client, stream) -> {
                                    stream.send(H2Client.request("POST", "/"));
                                    stream.sendData(new byte[] {'h', 'i'});
                                }),
                answered(
                                16,
                                "a client of HTTP/1.1 that ends its side",
                                H1Answer.silence(),
                                stream -> stream.readMessage())
                        .then(Then.CLIENT_ENDS_ITS_SIDE));
    }

    private static List<EdgeCase> statuses() {
        return List.of(
                answered(
                        18,
                        "a connection closed before the head",
                        H1Answer.close(),
                        H2Answer.disconnect()),
                answered(
                        18,
                        "a reset before the head",
                        H1Answer.reset(),
                        H2Answer.reset(Http2Error.INTERNAL_ERROR)),
                answeredHttp1(
                        18,
                        "a connection closed within the head",
                        H1Answer.raw("HTTP/1.1 200 OK\r\nx-ha").thenClose()),
                answeredHttp1(18, "no HTTP", H1Answer.raw("BANANA\r\n\r\n").thenClose()),
                answered(
                                23,
                                "no answer in time",
                                H1Answer.silence(),
                                stream -> stream.readMessage())
                        .asking(
                                EdgeRequests.path("/slow"),
                                (client, stream) ->
                                        stream.sendLast(H2Client.request("GET", "/slow"))));
    }

    private static List<EdgeCase> swaps() {
        return List.of(
                answered(
                                24,
                                "a configuration without the cluster, while it answers",
                                H1Answer.ok("ok"),
                                H2Answer.ok("ok"))
                        .then(Then.CLUSTER_GOES));
    }
}
