package dev.sluice.proxy.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.codec.ServerProbe;
import dev.sluice.proxy.exchange.CodecRefusal;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.CodecType;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.Limits;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.Timeouts;
import dev.sluice.testkit.LeakCheck;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** Requests that two parties could read differently are answered here and never passed on. */
@ExtendWith(LeakCheck.class)
class Http1RefusalTest {
    private record Case(String name, String request, CodecRefusal refusal) {}

    private static Case framing(String name, String fields) {
        return new Case(
                name,
                "POST / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n\r\n",
                CodecRefusal.AMBIGUOUS_FRAMING);
    }

    private static Case malformed(String name, String request) {
        return new Case(name, request, CodecRefusal.MALFORMED_HEAD);
    }

    private static List<Case> framingCases() {
        return List.of(
                framing("length and coding", "Content-Length: 3\r\nTransfer-Encoding: chunked"),
                framing("coding and length", "Transfer-Encoding: chunked\r\nContent-Length: 3"),
                framing("two lengths", "Content-Length: 3\r\nContent-Length: 4"),
                framing("two equal lengths", "Content-Length: 3\r\nContent-Length: 3"),
                framing("a list of lengths", "Content-Length: 3, 3"),
                framing("a signed length", "Content-Length: +3"),
                framing("a negative length", "Content-Length: -3"),
                framing("a hexadecimal length", "Content-Length: 0x3"),
                framing("a length with a blank", "Content-Length: 1 2"),
                framing("an empty length", "Content-Length:"),
                framing("a length that overflows", "Content-Length: 99999999999999999999"),
                framing("an unknown coding", "Transfer-Encoding: xchunked"),
                framing("gzip before chunked", "Transfer-Encoding: gzip, chunked"),
                framing("chunked twice in one line", "Transfer-Encoding: chunked, chunked"),
                framing(
                        "chunked twice in two lines",
                        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
                framing("identity", "Transfer-Encoding: identity"),
                framing("chunked with a parameter", "Transfer-Encoding: chunked;a=b"));
    }

    private static List<Case> grammarCases() {
        String host = "Host: h\r\n";
        return List.of(
                malformed("bare LF everywhere", "GET / HTTP/1.1\nHost: h\n\n"),
                malformed("bare LF in a field", "GET / HTTP/1.1\r\nHost: h\nA: b\r\n\r\n"),
                malformed("bare CR in a value", "GET / HTTP/1.1\r\n" + host + "A: b\rc\r\n\r\n"),
                malformed("NUL in a value", "GET / HTTP/1.1\r\n" + host + "A: b\0c\r\n\r\n"),
                malformed("DEL in a value", "GET / HTTP/1.1\r\n" + host + "A: \u007f\r\n\r\n"),
                malformed("folded line", "GET / HTTP/1.1\r\n" + host + "A: b\r\n c\r\n\r\n"),
                malformed("blank before colon", "GET / HTTP/1.1\r\n" + host + "A : b\r\n\r\n"),
                malformed("blank before name", "GET / HTTP/1.1\r\n Host: h\r\n\r\n"),
                malformed("empty name", "GET / HTTP/1.1\r\n" + host + ": b\r\n\r\n"),
                malformed("no colon", "GET / HTTP/1.1\r\n" + host + "abc\r\n\r\n"),
                malformed("name is no token", "GET / HTTP/1.1\r\n" + host + "a(b: c\r\n\r\n"),
                malformed("two blanks", "GET  / HTTP/1.1\r\n" + host + "\r\n"),
                malformed("no version", "GET /\r\n" + host + "\r\n"),
                malformed("method is no token", "G@T / HTTP/1.1\r\n" + host + "\r\n"),
                malformed("control in target", "GET /\u0001 HTTP/1.1\r\n" + host + "\r\n"),
                malformed("above ASCII in target", "GET /\u00e9 HTTP/1.1\r\n" + host + "\r\n"),
                malformed("fragment in target", "GET /a#b HTTP/1.1\r\n" + host + "\r\n"),
                malformed("words behind version", "GET / HTTP/1.1 x\r\n" + host + "\r\n"),
                malformed("lower-case version", "GET / http/1.1\r\n" + host + "\r\n"));
    }

    private static List<Case> otherCases() {
        return List.of(
                new Case("no host", "GET / HTTP/1.1\r\n\r\n", CodecRefusal.BAD_HOST),
                new Case("empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", CodecRefusal.BAD_HOST),
                new Case(
                        "two hosts",
                        "GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n",
                        CodecRefusal.BAD_HOST),
                new Case(
                        "user in host",
                        "GET / HTTP/1.1\r\nHost: u@h\r\n\r\n",
                        CodecRefusal.BAD_HOST),
                new Case(
                        "user in absolute target",
                        "GET http://u@h/ HTTP/1.1\r\nHost: h\r\n\r\n",
                        CodecRefusal.BAD_TARGET),
                new Case(
                        "target without slash",
                        "GET a HTTP/1.1\r\nHost: h\r\n\r\n",
                        CodecRefusal.BAD_TARGET),
                new Case(
                        "asterisk without OPTIONS",
                        "GET * HTTP/1.1\r\nHost: h\r\n\r\n",
                        CodecRefusal.BAD_TARGET),
                new Case(
                        "connect without a port",
                        "CONNECT h HTTP/1.1\r\nHost: h\r\n\r\n",
                        CodecRefusal.BAD_TARGET),
                new Case(
                        "connect with a body",
                        "CONNECT h:1 HTTP/1.1\r\nHost: h:1\r\nContent-Length: 1\r\n\r\n",
                        CodecRefusal.AMBIGUOUS_FRAMING),
                new Case(
                        "expectation",
                        "GET / HTTP/1.1\r\nHost: h\r\nExpect: more\r\n\r\n",
                        CodecRefusal.UNKNOWN_EXPECTATION),
                new Case("http 1.0", "GET / HTTP/1.0\r\n\r\n", CodecRefusal.HTTP10_NOT_ACCEPTED),
                new Case("http 2.0", "GET / HTTP/2.0\r\n\r\n", CodecRefusal.UNKNOWN_VERSION),
                new Case("a long target", "GET /" + "a".repeat(70_000), CodecRefusal.URI_TOO_LONG),
                new Case(
                        "a long field",
                        "GET / HTTP/1.1\r\nHost: h\r\nA: " + "a".repeat(70_000),
                        CodecRefusal.HEADERS_TOO_LARGE),
                new Case(
                        "many fields",
                        "GET / HTTP/1.1\r\nHost: h\r\n" + "A: b\r\n".repeat(100) + "\r\n",
                        CodecRefusal.TOO_MANY_HEADERS));
    }

    @TestFactory
    List<DynamicTest> refuses_ambiguous_framing() {
        return framingCases().stream().map(Http1RefusalTest::test).toList();
    }

    @TestFactory
    List<DynamicTest> refuses_broken_grammar() {
        return grammarCases().stream().map(Http1RefusalTest::test).toList();
    }

    @TestFactory
    List<DynamicTest> refuses_what_it_does_not_serve() {
        return otherCases().stream().map(Http1RefusalTest::test).toList();
    }

    private static DynamicTest test(Case one) {
        return DynamicTest.dynamicTest(
                one.name(),
                () -> {
                    ServerProbe probe = ServerProbe.http1();
                    try {
                        probe.send(one.request());

                        assertThat(probe.refusals).containsExactly(one.refusal());
                        assertThat(probe.streams).as("nothing is passed on").isEmpty();
                        assertThat(probe.received())
                                .startsWith("HTTP/1.1 " + one.refusal().status() + " ")
                                .contains("connection: close\r\n");
                        assertThat(probe.channel.isOpen()).isFalse();
                    } finally {
                        probe.finish();
                    }
                });
    }

    @Test
    void transfer_encoding_on_http10_is_refused() {
        Limits limits = new Limits(60 * 1024, 100, 100, 65_535, 65_535, /* acceptHttp10= */ true);
        ServerProbe probe = new ServerProbe(CodecType.HTTP1, limits, Timeouts.DEFAULT);
        probe.send("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");

        assertThat(probe.refusals).containsExactly(CodecRefusal.AMBIGUOUS_FRAMING);
        probe.finish();
    }
}
