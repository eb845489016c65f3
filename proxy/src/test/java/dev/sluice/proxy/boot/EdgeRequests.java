package dev.sluice.proxy.boot;

import static dev.sluice.proxy.boot.EdgeCase.asked;
import static dev.sluice.proxy.boot.EdgeCase.http1;
import static dev.sluice.proxy.boot.EdgeCase.http2;

import dev.sluice.proxy.boot.EdgeCase.Frames;
import dev.sluice.testkit.http.H2Client;
import dev.sluice.testkit.http.Headers;
import io.netty.handler.codec.http2.Http2Error;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Cases of what clients send. */
final class EdgeRequests {
    private static final String LONG = "x".repeat(70_000);

    private EdgeRequests() {}

    static Stream<EdgeCase> all() {
        return Stream.of(
                        hopByHop(),
                        framing(),
                        chunks(),
                        limits(),
                        expectations(),
                        bodies(),
                        trailers(),
                        leaving(),
                        statuses(),
                        identity(),
                        paths(),
                        abuse())
                .flatMap(List::stream);
    }

    /** A head of HTTP/1.1 with these lines. */
    static String head(String first, String... lines) {
        return first + "\r\n" + String.join("\r\n", lines) + "\r\n\r\n";
    }

    static String get(String... lines) {
        return "GET / HTTP/1.1\r\nhost: a.test\r\n" + String.join("\r\n", lines) + "\r\n\r\n";
    }

    static String post(String framing, String body) {
        return "POST / HTTP/1.1\r\nhost: a.test\r\n" + framing + "\r\n\r\n" + body;
    }

    private static String chunked(String chunks) {
        return post("transfer-encoding: chunked", chunks);
    }

    /** A request of HTTP/2 with more fields. */
    static Frames get2(String... fields) {
        return (client, stream) -> stream.sendLast(H2Client.request("GET", "/", fields));
    }

    static Frames target(String path) {
        return (client, stream) -> stream.sendLast(H2Client.request("GET", path));
    }

    static Frames post2(String body, String... fields) {
        return (client, stream) -> {
            stream.send(H2Client.request("POST", "/", fields));
            stream.sendLastData(body.getBytes(StandardCharsets.ISO_8859_1));
        };
    }

    private static List<EdgeCase> hopByHop() {
        return List.of(
                http1(
                                1,
                                "fields of the connection",
                                get(
                                        "connection: x-hop, keep-alive",
                                        "x-hop: 1",
                                        "keep-alive: timeout=5",
                                        "proxy-connection: keep-alive"))
                        .seen("x-hop", "keep-alive", "proxy-connection", "connection"),
                http1(
                                1,
                                "`Connection` names fields of the message",
                                get("connection: authorization, host", "authorization: a"))
                        .seen("authorization", "host?", ":authority?"),
                http1(
                                1,
                                "`Connection` names the length",
                                post("connection: content-length\r\ncontent-length: 2", "hi"))
                        .seen("content-length"),
                asked(1, "`TE` beside `trailers`", get("te: trailers"), get2("te", "trailers"))
                        .seen("te"));
    }

    private static List<EdgeCase> framing() {
        return List.of(
                http1(
                        2,
                        "both framings",
                        post("transfer-encoding: chunked\r\ncontent-length: 3", "0\r\n\r\n")),
                asked(
                        2,
                        "two equal lengths",
                        post("content-length: 2\r\ncontent-length: 2", "hi"),
                        post2("hi", "content-length", "2", "content-length", "2")),
                asked(
                        2,
                        "a list of lengths",
                        post("content-length: 2, 2", "hi"),
                        post2("hi", "content-length", "2, 2")),
                asked(
                        2,
                        "a length with a sign",
                        post("content-length: +2", "hi"),
                        post2("hi", "content-length", "+2")),
                asked(
                        2,
                        "a length in hexadecimal",
                        post("content-length: 0x2", "hi"),
                        post2("hi", "content-length", "0x2")),
                asked(
                        2,
                        "a length over 63 bits",
                        post("content-length: 99999999999999999999", "hi"),
                        post2("hi", "content-length", "99999999999999999999")),
                asked(
                        2,
                        "an unknown transfer coding",
                        post("transfer-encoding: xchunked", "hi"),
                        post2("hi", "transfer-encoding", "xchunked")),
                asked(
                        2,
                        "a length with a blank within",
                        post("content-length: 1 2", "hi"),
                        post2("hi", "content-length", "1 2")),
                http1(
                        2,
                        "chunked on two lines",
                        post(
                                "transfer-encoding: chunked\r\ntransfer-encoding: chunked",
                                "0\r\n\r\n")),
                http1(2, "chunked twice", post("transfer-encoding: chunked, chunked", "0\r\n\r\n")),
                http1(
                        2,
                        "chunked is not the last coding",
                        post("transfer-encoding: chunked, gzip", "")),
                http1(
                        2,
                        "codings on two lines",
                        post("transfer-encoding: gzip\r\ntransfer-encoding: chunked", "0\r\n\r\n")),
                http1(
                        2,
                        "a coding in HTTP/1.0",
                        head("POST / HTTP/1.0", "host: a.test", "transfer-encoding: chunked")));
    }

    private static List<EdgeCase> chunks() {
        return List.of(
                http1(3, "a chunk's size over 63 bits", chunked("fffffffffffffffff\r\nhi\r\n")),
                http1(3, "a chunk's size without a digit", chunked("\r\nhi\r\n")),
                http1(3, "a bare LF behind a chunk's size", chunked("2\nhi\r\n0\r\n\r\n")),
                http1(3, "a quoted extension", chunked("2;a=\"b;\\\"c\"\r\nhi\r\n0\r\n\r\n")),
                http1(3, "a bare LF in an extension", chunked("2;a=\"\n\"\r\nhi\r\n0\r\n\r\n")),
                http1(3, "a long extension", chunked("2;" + LONG + "\r\nhi\r\n0\r\n\r\n")),
                http1(3, "no line end behind a chunk", chunked("2\r\nhi0\r\n\r\n")),
                http1(3, "more trailers than may be", chunked("0\r\nx-t: " + LONG + "\r\n\r\n")));
    }

    private static List<EdgeCase> limits() {
        String[] many =
                IntStream.range(0, 70)
                        .boxed()
                        .flatMap(i -> Stream.of("n" + i, "v"))
                        .toArray(String[]::new);
        String lines =
                IntStream.range(0, 70)
                        .mapToObj(i -> "n" + i + ": v")
                        .reduce((one, other) -> one + "\r\n" + other)
                        .orElse("");
        return List.of(
                http1(7, "a head over its limit", get("a: " + LONG)),
                http1(
                        7,
                        "a target over the limit",
                        head("GET /" + LONG + " HTTP/1.1", "host: a.test")),
                asked(7, "more fields than may be", get(lines), get2(many)));
    }

    private static List<EdgeCase> expectations() {
        return List.of(
                asked(
                        8,
                        "`Expect: 100-continue`",
                        post("content-length: 2\r\nexpect: 100-continue", "hi"),
                        post2("hi", "content-length", "2", "expect", "100-continue")),
                http1(
                        8,
                        "an expectation in HTTP/1.0",
                        head(
                                        "POST / HTTP/1.0",
                                        "host: a.test",
                                        "content-length: 2",
                                        "expect: 100-continue")
                                + "hi"),
                asked(8, "another expectation", get("expect: 200-ok"), get2("expect", "200-ok")));
    }

    private static List<EdgeCase> bodies() {
        String large = "x".repeat(1 << 20);
        return List.of(
                asked(11, "no body", get("accept: */*"), get2("accept", "*/*"))
                        .seen("transfer-encoding", "content-length"),
                asked(
                                11,
                                "a length of nothing",
                                post("content-length: 0", ""),
                                (client, stream) ->
                                        stream.sendLast(
                                                H2Client.request(
                                                        "POST", "/", "content-length", "0")))
                        .seen("transfer-encoding", "content-length"),
                asked(
                                11,
                                "GET with a body",
                                "GET / HTTP/1.1\r\nhost: a.test\r\ncontent-length: 2\r\n\r\nhi",
                                (client, stream) -> {
                                    stream.send(
                                            H2Client.request("GET", "/", "content-length", "2"));
                                    stream.sendLastData(new byte[] {'h', 'i'});
                                })
                        .seen("content-length"),
                asked(
                        13,
                        "1 MiB each way",
                        post("content-length: " + large.length(), large),
                        post2(large)));
    }

    private static List<EdgeCase> trailers() {
        return List.of(
                asked(
                                12,
                                "trailers of a request, one of which is none",
                                post(
                                        "transfer-encoding: chunked",
                                        "0\r\nx-t: 1\r\ncontent-length: 3\r\n\r\n"),
                                (client, stream) -> {
                                    stream.send(H2Client.request("POST", "/"));
                                    stream.sendLast(Headers.of("x-t", "1", "content-length", "3"));
                                })
                        .seen("trailer x-t", "trailer content-length"),
                asked(
                                12,
                                "gRPC without an endpoint",
                                head(
                                        "POST /empty HTTP/1.1",
                                        "host: a.test",
                                        "te: trailers",
                                        "content-type: application/grpc",
                                        "content-length: 0"),
                                (client, stream) ->
                                        stream.sendLast(
                                                H2Client.request(
                                                        "POST",
                                                        "/empty",
                                                        "te",
                                                        "trailers",
                                                        "content-type",
                                                        "application/grpc")))
                        .told("grpc-status"));
    }

    private static List<EdgeCase> leaving() {
        return List.of(
                http2(
                        12,
                        "malformed trailers",
                        (client, stream) -> {
                            stream.send(H2Client.request("POST", "/"));
                            stream.sendData(new byte[] {'h'});
                            stream.sendLast(Headers.of("x-t", "a\nb"));
                        }),
                http1(17, "requests sent ahead", get("a: b") + get("c: d")));
    }

    private static List<EdgeCase> statuses() {
        return List.of(
                asked(18, "no route", get("x-unrouted: 1"), get2("x-unrouted", "1")),
                asked(18, "no cluster", path("/nowhere"), target("/nowhere")),
                asked(18, "no endpoint", path("/empty"), target("/empty")),
                asked(18, "no connection", path("/refused"), target("/refused")));
    }

    static String path(String path) {
        return head("GET " + path + " HTTP/1.1", "host: a.test");
    }

    private static List<EdgeCase> identity() {
        return List.of(
                asked(19, "no id of the request", get("a: b"), get2("a", "b"))
                        .seen("x-request-id?"),
                asked(
                                19,
                                "an id of a stranger",
                                get("x-request-id: mine"),
                                get2("x-request-id", "mine"))
                        .seen("x-request-id?"),
                asked(
                                19,
                                "a trace context that is malformed",
                                get("traceparent: 00-zz"),
                                get2("traceparent", "00-zz"))
                        .seen("traceparent"),
                asked(
                                20,
                                "forwarding fields of a stranger",
                                get(
                                        "x-forwarded-for: 192.0.2.1",
                                        "x-forwarded-proto: https",
                                        "x-envoy-internal: true"),
                                get2(
                                        "x-forwarded-for",
                                        "192.0.2.1",
                                        "x-forwarded-proto",
                                        "https",
                                        "x-envoy-internal",
                                        "true"))
                        .seen("x-forwarded-for", "x-forwarded-proto", "x-envoy-internal"));
    }

    private static List<EdgeCase> paths() {
        return List.of(
                asked(21, "dot segments", path("/a/../b"), target("/a/../b")).seen(":path"),
                asked(21, "an escaped slash", path("/a%2Fb"), target("/a%2Fb")).seen(":path"),
                asked(21, "two slashes", path("/a//b"), target("/a//b")).seen(":path"),
                asked(21, "a broken escape", path("/a%zz"), target("/a%zz")).seen(":path"),
                asked(21, "a parameter of a segment", path("/a;b=c/d"), target("/a;b=c/d"))
                        .seen(":path"),
                asked(21, "a fragment", path("/a#b"), target("/a#b")).seen(":path"));
    }

    private static List<EdgeCase> abuse() {
        return List.of(
                http2(
                        22,
                        "rapid resets",
                        (client, stream) -> {
                            stream.send(H2Client.request("POST", "/"));
                            try {
                                for (int i = 0; i < 1_000; i++) {
                                    client.open("GET", "/").reset(Http2Error.CANCEL);
                                }
                            } catch (AssertionError | RuntimeException ended) {
                                // The proxy has had enough.
                            }
                        }));
    }
}
