package dev.sluice.proxy.boot;

import static dev.sluice.proxy.boot.EdgeCase.asked;
import static dev.sluice.proxy.boot.EdgeCase.http1;
import static dev.sluice.proxy.boot.EdgeCase.http2;
import static dev.sluice.proxy.boot.EdgeRequests.get;
import static dev.sluice.proxy.boot.EdgeRequests.get2;
import static dev.sluice.proxy.boot.EdgeRequests.head;
import static dev.sluice.proxy.boot.EdgeRequests.post2;
import static dev.sluice.proxy.boot.EdgeRequests.target;

import dev.sluice.testkit.http.H2Client;
import dev.sluice.testkit.http.Headers;
import java.util.List;
import java.util.stream.Stream;

/** Cases of fields that clients send, and of what HTTP/2 asks of them. */
final class EdgeFields {
    private EdgeFields() {}

    static Stream<EdgeCase> all() {
        return Stream.of(fields(), authority(), frames()).flatMap(List::stream);
    }

    private static List<EdgeCase> fields() {
        return List.of(
                asked(4, "a bare LF in a value", get("a: b\nc: d"), get2("a", "b\nc: d")),
                asked(4, "a bare CR in a value", get("a: b\rc"), get2("a", "b\rc")),
                asked(4, "NUL in a value", get("a: b\0c"), get2("a", "b\0c")),
                asked(4, "a line break in a value", get("a: b", " c"), get2("a", "b\r\n c")),
                http1(4, "a folded line", get("a: b", "\tc")),
                http1(4, "a blank before the colon", get("a : b")),
                asked(4, "an empty name", get(": b"), get2("", "b")),
                asked(4, "a name that is no token", get("a(b): c"), get2("a(b)", "c")),
                asked(
                        4,
                        "a control character in the path",
                        head("GET /a\u0001b HTTP/1.1", "host: a.test"),
                        target("/a\u0001b")));
    }

    private static List<EdgeCase> authority() {
        return List.of(
                http1(5, "no host", "GET / HTTP/1.1\r\n\r\n"),
                asked(
                        5,
                        "two hosts",
                        get("host: b.test"),
                        get2("host", "b.test", "host", "a.test")),
                http1(
                                5,
                                "an absolute target beside another host",
                                head("GET http://b.test/x HTTP/1.1", "host: a.test"))
                        .seen(":path"),
                http2(5, "a host that differs", get2("host", "b.test")),
                asked(
                        5,
                        "a user in the authority",
                        head("GET / HTTP/1.1", "host: u@a.test"),
                        (client, stream) ->
                                stream.sendLast(pseudo("GET", "http", "/", "u@a.test"))),
                http2(
                        5,
                        "a host in place of the authority",
                        (client, stream) ->
                                stream.sendLast(
                                        Headers.of(
                                                ":method", "GET", ":scheme", "http", ":path", "/",
                                                "host", "a.test"))));
    }

    private static Headers pseudo(String method, String scheme, String path, String authority) {
        return Headers.of(
                ":method", method, ":scheme", scheme, ":path", path, ":authority", authority);
    }

    private static List<EdgeCase> frames() {
        return List.of(
                http2(6, "an upper-case name", get2("X-Upper", "1")),
                http2(6, "a field of the connection", get2("connection", "close")),
                http2(6, "`TE` other than `trailers`", get2("te", "gzip")),
                http2(6, "a pseudo-field twice", get2(":path", "/b")),
                http2(6, "an unknown pseudo-field", get2(":other", "x")),
                http2(
                        6,
                        "no path",
                        (client, stream) ->
                                stream.sendLast(
                                        Headers.of(
                                                ":method",
                                                "GET",
                                                ":scheme",
                                                "http",
                                                ":authority",
                                                "a.test"))),
                http2(
                        6,
                        "no method",
                        (client, stream) ->
                                stream.sendLast(
                                        Headers.of(
                                                ":scheme",
                                                "http",
                                                ":path",
                                                "/",
                                                ":authority",
                                                "a.test"))),
                http2(
                        6,
                        "a pseudo-field in the trailers",
                        (client, stream) -> {
                            stream.send(H2Client.request("POST", "/"));
                            stream.sendLast(Headers.of(":path", "/b"));
                        }),
                http2(6, "more data than the length", post2("hi", "content-length", "1")),
                http2(6, "less data than the length", post2("hi", "content-length", "3")),
                http2(6, "a length and no data", get2("content-length", "3")),
                http2(6, "crumbs of a cookie", get2("cookie", "a=1", "cookie", "b=2"))
                        .seen("cookie"));
    }
}
