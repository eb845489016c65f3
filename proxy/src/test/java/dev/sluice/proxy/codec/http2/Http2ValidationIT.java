package dev.sluice.proxy.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.codec.Relay;
import dev.sluice.proxy.exchange.CodecRefusal;
import dev.sluice.proxy.snapshot.ClusterSpec.Protocol;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.H2Client;
import dev.sluice.testkit.http.H2Message;
import dev.sluice.testkit.http.H2Stream;
import dev.sluice.testkit.http.Headers;
import io.netty.handler.codec.http2.Http2Error;
import java.util.ArrayList;
import java.util.List;
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
