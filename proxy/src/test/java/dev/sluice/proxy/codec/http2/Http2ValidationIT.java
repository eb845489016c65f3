package dev.sluice.proxy.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.codec.Relay;
import dev.sluice.proxy.exchange.CodecRefusal;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec.Protocol;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.H2Client;
import dev.sluice.testkit.http.H2Message;
import dev.sluice.testkit.http.H2Stream;
import dev.sluice.testkit.http.Headers;
import io.netty.handler.codec.http2.Http2Error;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** HTTP/2 requests that HTTP/1.1 could not carry as they are never reach an upstream. */
@ExtendWith(LeakCheck.class)
class Http2ValidationIT {
    private H1Upstream upstream;
    private Relay relay;
    private H2Client client;

    @BeforeEach
    void start() {
        upstream = H1Upstream.start(r -> H1Answer.ok("served"));
        relay = new Relay(1, Protocol.HTTP1, upstream.address());
        client = H2Client.connect(relay.port());
    }

    @AfterEach
    void stop() {
        client.close();
        relay.close();
        upstream.close();
    }

    private static Headers request(String... more) {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                ":method",
                                "GET",
                                ":scheme",
                                "http",
                                ":path",
                                "/",
                                ":authority",
                                "h"));
        all.addAll(List.of(more));
        return Headers.of(all.toArray(String[]::new));
    }

    private H2Message exchange(Headers head) {
        H2Stream stream = client.open();
        stream.sendLast(head);
        return stream.readMessage();
    }

    @TestFactory
    List<DynamicTest> malformed_requests_are_reset_with_protocol_error() {
        String[][] cases = {
            {"upper-case name", "X-Upper", "1"},
            {"connection", "connection", "close"},
            {"transfer-encoding", "transfer-encoding", "chunked"},
            {"upgrade", "upgrade", "x"},
            {"te", "te", "gzip"},
            {"line break in a value", "a", "b\r\nc: d"},
            {"name that is no token", "a b", "c"},
            {"unknown pseudo-field", ":other", "x"},
            {"pseudo-field twice", ":path", "/b"},
            {"status", ":status", "200"},
            {"host that differs", "host", "other"},
            {"length that is no number", "content-length", "1x"},
            {"length without data", "content-length", "5"},
            {"blank at the end", "a", "b "},
        };
        return List.of(cases).stream()
                .map(one ->
                        DynamicTest.dynamicTest(one[0], () -> assertReset(request(one[1], one[2]))))
                .toList();
    }

    private void assertReset(Headers head) {
        int before = upstream.received().size();

        H2Message answer = exchange(head);

        assertThat(answer.end())
                .isEqualTo(new H2Message.End.Reset(Http2Error.PROTOCOL_ERROR.code()));
        assertThat(upstream.received()).hasSize(before);
        assertThat(exchange(request()).status()).as("the connection lives on").isEqualTo(200);
    }

    @TestFactory
    List<DynamicTest> pseudo_fields_that_could_start_a_line_of_their_own_are_reset() {
        String smuggled = " / HTTP/1.1\r\nhost: h\r\n\r\nDELETE /all";
        String[][] cases = {
            {":method", "GET" + smuggled},
            {":method", "GET /other HTTP/1.1"},
            {":method", "GET\r"},
            {":method", "GET\u0000"},
            {":method", "G T"},
            {":method", "GET\t"},
            {":method", "GÉT"},
            {":method", "GET:"},
            {":method", ""},
            {":path", "/" + smuggled},
            {":path", "/a HTTP/1.1"},
            {":path", "/a\tb"},
            {":path", "/a\u0000"},
            {":path", "/a\n"},
            {":path", "/É"},
            {":path", ""},
            {":authority", "h" + smuggled},
            {":authority", "h h"},
            {":authority", "h\u0000"},
            {":authority", "h\tx"},
            {":authority", ""},
            {":scheme", "http" + smuggled},
            {":scheme", "ht tp"},
            {":scheme", "1http"},
            {":scheme", "http://h"},
            {":scheme", ""},
        };
        return List.of(cases).stream()
                .map(one ->
                        DynamicTest.dynamicTest(
                                "%s '%s'".formatted((Object[]) one),
                                () -> assertReset(requestWith(one[0], one[1]))))
                .toList();
    }

    @TestFactory
    List<DynamicTest> values_that_could_start_a_line_of_their_own_are_reset() {
        return List.of("b\rc", "b\nc", "b\u0000c", "b\u007fc", "\tb").stream()
                .map(value ->
                        DynamicTest.dynamicTest(
                                "'%s'".formatted(value), () -> assertReset(request("a", value))))
                .toList();
    }

    @Test
    void every_token_is_a_method_and_is_sent_on_as_it_is() {
        assertThat(exchange(requestWith(":method", "M-SEARCH!#$%&'*+.^_`|~09az")).status())
                .isEqualTo(200);

        assertThat(upstream.received().getFirst().method()).isEqualTo("M-SEARCH!#$%&'*+.^_`|~09az");
    }

    /** A sound request but for one pseudo-field. */
    private static Headers requestWith(String name, String value) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put(":method", "GET");
        fields.put(":scheme", "http");
        fields.put(":path", "/");
        fields.put(":authority", "h");
        fields.put(name, value);
        return Headers.of(
                fields.entrySet().stream()
                        .flatMap(field -> Stream.of(field.getKey(), field.getValue()))
                        .toArray(String[]::new));
    }

    @Test
    void missing_pseudo_fields_and_user_in_authority_are_reset() {
        assertReset(Headers.of(":method", "GET", ":scheme", "http", ":authority", "h"));
        assertThat(
                        exchange(
                                        Headers.of(
                                                ":method",
                                                "GET",
                                                ":scheme",
                                                "http",
                                                ":path",
                                                "/",
                                                ":authority",
                                                "u@h"))
                                .end())
                .isInstanceOf(H2Message.End.Reset.class);
    }

    @Test
    void cookie_crumbs_are_joined_and_host_stands_in_for_authority() {
        assertThat(
                        exchange(
                                        Headers.of(
                                                ":method", "GET", ":scheme", "http", ":path", "/",
                                                "host", "h2", "cookie", "a=1", "cookie", "b=2"))
                                .status())
                .isEqualTo(200);

        assertThat(upstream.received().getFirst().headers().all("cookie"))
                .containsExactly("a=1; b=2");
        assertThat(upstream.received().getFirst().headers().first("host")).contains("h2");
    }

    @Test
    void too_many_fields_get_431() {
        String[] many = new String[220];
        for (int i = 0; i < many.length; i += 2) {
            many[i] = "n" + i;
            many[i + 1] = "v";
        }
        assertThat(exchange(request(many)).status()).isEqualTo(431);
        assertThat(relay.refusals).containsExactly(CodecRefusal.TOO_MANY_HEADERS);
    }
}
