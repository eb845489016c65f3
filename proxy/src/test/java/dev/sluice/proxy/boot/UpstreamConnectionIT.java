package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.exchange.Flood;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.Mailbox;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.H2Answer;
import dev.sluice.testkit.http.H2Client;
import dev.sluice.testkit.http.H2Settings;
import dev.sluice.testkit.http.H2Stream;
import dev.sluice.testkit.http.H2Upstream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import dev.sluice.testkit.tcp.TcpConnection;
import dev.sluice.testkit.tcp.TcpUpstream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What bounds connections to upstreams: requests, time, pings, cheap frames, long heads. */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class UpstreamConnectionIT {
    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

    private static RunningProxy http1(int port, String common) {
        return start(Yaml.http2Cluster("app", port).replace("http2_pro", "http_pro"), common, "");
    }

    private static RunningProxy http2(int port, String common, String http2) {
        return start(Yaml.http2Cluster("app", port), common, http2);
    }

    private static RunningProxy start(String cluster, String common, String http2) {
        String options = "      explicit_http_config";
        String bounded =
                cluster.replace("_protocol_options: {}", "_protocol_options: {" + http2 + "}")
                        .replace(
                                options,
                                "      common_http_protocol_options: {" + common + "}\n" + options);
        return RunningProxy.start(1, Yaml.bootstrap(Yaml.routeTo("app"), bounded));
    }

    @Test
    void a_connection_of_http1_carries_no_more_requests_than_it_may() throws Exception {
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("ok"));
                RunningProxy proxy = http1(upstream.port(), "max_requests_per_connection: 2");
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            for (int i = 0; i < 5; i++) {
                assertThat(client.exchange("GET", "/", Headers.NONE, Body.EMPTY).status())
                        .as("answer %d", i)
                        .isEqualTo(200);
            }

            assertThat(upstream.connections()).as("connections of five requests").isEqualTo(3);
            assertThat(proxy.nextWorn()).as("what had enough").isEqualTo("upstream requests");
        }
    }

    @Test
    void a_connection_of_http2_carries_no_more_requests_than_it_may() {
        try (H2Upstream upstream = H2Upstream.start(request -> H2Answer.ok("ok"));
                RunningProxy proxy = http2(upstream.port(), "max_requests_per_connection: 2", "");
                H2Client client = H2Client.connect(proxy.port())) {
            for (int i = 0; i < 5; i++) {
                assertThat(client.get("/").status()).as("answer %d", i).isEqualTo(200);
            }

            assertThat(upstream.connections()).as("connections of five requests").isEqualTo(3);
            assertThat(proxy.nextWorn()).as("what had enough").isEqualTo("upstream requests");
        }
    }

    @Test
    void a_worn_connection_finishes_what_it_carries() {
        CountDownLatch both = new CountDownLatch(2);
        try (H2Upstream upstream =
                        H2Upstream.start(request ->
                                stream -> {
                                    both.countDown();
                                    stream.await(both);
                                    H2Answer.ok("ok").play(stream);
                                });
                RunningProxy proxy = http2(upstream.port(), "max_requests_per_connection: 1", "");
                H2Client client = H2Client.connect(proxy.port())) {
            H2Stream first = get(client);
            H2Stream second = get(client);

            assertThat(first.readMessage().status()).as("first").isEqualTo(200);
            assertThat(second.readMessage().status()).as("second").isEqualTo(200);
            assertThat(upstream.connections()).as("connections").isEqualTo(2);
        }
    }

    @Test
    void an_upstream_gets_no_more_streams_at_once_than_it_may() {
        CountDownLatch both = new CountDownLatch(2);
        try (H2Upstream upstream =
                        H2Upstream.start(request ->
                                stream -> {
                                    both.countDown();
                                    stream.await(both);
                                    H2Answer.ok("ok").play(stream);
                                });
                RunningProxy proxy = http2(upstream.port(), "", "max_concurrent_streams: 1");
                H2Client client = H2Client.connect(proxy.port())) {
            H2Stream first = get(client);
            H2Stream second = get(client);

            assertThat(first.readMessage().status()).as("first").isEqualTo(200);
            assertThat(second.readMessage().status()).as("second").isEqualTo(200);
            assertThat(upstream.connections()).as("connections").isEqualTo(2);
        }
    }

    private static H2Stream get(H2Client client) {
        H2Stream stream = client.open();
        stream.sendLast(
                Headers.of(":method", "GET", ":scheme", "http", ":path", "/", ":authority", "a"));
        return stream;
    }

    @ParameterizedTest
    @ValueSource(strings = {"max_connection_duration: 0.2s", "idle_timeout: 0.2s"})
    void a_connection_closes_when_its_time_is_over(String setting) throws Exception {
        Mailbox<String> rest = new Mailbox<>("what came until the end");
        try (TcpUpstream upstream =
                        TcpUpstream.start(connection -> {
                            connection.read("GET / HTTP/1.1\r\n".length());
                            connection.send(OK);
                            rest.put(text(connection.readToEnd()));
                        });
                RunningProxy proxy = http1(upstream.port(), setting)) {
            assertThat(RawHttp1Client.get(proxy.port(), "/").status()).isEqualTo(200);

            assertThat(rest.take()).as("the rest of one request").endsWith("\r\n\r\n");
            if (setting.startsWith("max")) {
                assertThat(proxy.nextWorn()).as("what it had").isEqualTo("upstream duration");
            }
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Test
    void an_upstream_that_does_not_answer_pings_is_gone() throws Exception {
        Mailbox<String> frames = new Mailbox<>("frames");
        try (TcpUpstream upstream =
                        TcpUpstream.start(connection -> {
                            FrameScript.answer(connection, "");
                            frames.put(HexFormat.of().formatHex(connection.readToEnd()));
                        });
                RunningProxy proxy =
                        http2(
                                upstream.port(),
                                "",
                                "connection_keepalive: {interval: 0.1s, timeout: 0.1s}")) {
            assertThat(RawHttp1Client.get(proxy.port(), "/").status()).isEqualTo(503);
            assertThat(proxy.nextRecord().flags())
                    .as("flags")
                    .isEqualTo(Set.of(ResponseFlag.UPSTREAM_CONNECTION_TERMINATION));
            assertThat(frames.take())
                    .as("frames, PING among them")
                    .contains("000008060000000000736c7569");
        }
    }

    @Test
    void an_upstream_that_answers_pings_stays() {
        try (H2Upstream upstream = H2Upstream.start(request -> H2Answer.ok("ok"));
                RunningProxy proxy =
                        http2(
                                upstream.port(),
                                "",
                                "connection_keepalive: {interval: 0.01s, timeout: 20s}");
                H2Client client = H2Client.connect(proxy.port())) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.get("/").status()).as("answer %d", i).isEqualTo(200);
            }
            assertThat(upstream.connections()).as("connections").isEqualTo(1);
        }
    }

    private static Stream<Arguments> floods() {
        String priority = "0000050200000000030000000010";
        String update = "00000408000000000000000001";
        String settings = "000000040000000000";
        String ping = "0000080600000000000000000000000000";
        String piece = "000000090000000003";
        return Stream.of(
                Arguments.of(Flood.PRIORITY, priority.repeat(5)),
                Arguments.of(Flood.WINDOW_UPDATE, update.repeat(8)),
                Arguments.of(Flood.PING_AND_SETTINGS, settings.repeat(8_000)),
                Arguments.of(Flood.PING_AND_SETTINGS, ping.repeat(8_000)),
                Arguments.of(Flood.CONTINUATION, "00000101000000000388" + piece.repeat(40)));
    }

    @ParameterizedTest
    @MethodSource("floods")
    void an_upstream_that_floods_loses_its_connection_and_its_requests_are_502(
            Flood flood, String frames) throws Exception {
        try (TcpUpstream upstream = TcpUpstream.start(connection -> flood(connection, frames));
                RunningProxy proxy =
                        http2(
                                upstream.port(),
                                "",
                                "max_inbound_priority_frames_per_stream: 2,"
                                        + " max_outbound_control_frames: 100000")) {
            assertThat(RawHttp1Client.get(proxy.port(), "/").status()).isEqualTo(502);
            assertThat(proxy.nextFlood()).isEqualTo(flood);
            assertThat(proxy.nextRecord().flags())
                    .as("flags")
                    .isEqualTo(Set.of(ResponseFlag.UPSTREAM_PROTOCOL_ERROR));
        }
    }

    @Test
    void an_endpoint_that_floods_a_health_check_is_counted_too() throws Exception {
        String priority = "0000050200000000030000000010";
        String question =
                "  health_checks: [{timeout: 20s, interval: 60s, no_traffic_interval: 60s,"
                        + " healthy_threshold: 1, unhealthy_threshold: 1, http_health_check: {path:"
                        + " /, codec_client_type: HTTP2}}]\n";
        try (TcpUpstream upstream =
                        TcpUpstream.start(connection -> flood(connection, priority.repeat(300)));
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.bootstrap(
                                        Yaml.routeTo("app"),
                                        Yaml.http2Cluster("app", upstream.port()) + question))) {
            assertThat(proxy.nextFlood()).isEqualTo(Flood.PRIORITY);
        }
    }

    /** The proxy may have closed before all is sent, or read. */
    private static void flood(TcpConnection connection, String frames) throws IOException {
        FrameScript.answer(connection, "");
        try {
            connection.send(HexFormat.of().parseHex(frames));
            connection.readToEnd();
        } catch (IOException closed) {
            connection.close();
        }
    }

    @Test
    void empty_data_ends_an_answer_that_has_begun() throws Exception {
        String empty = "000000000000000003";
        try (TcpUpstream upstream =
                        TcpUpstream.start(connection ->
                                flood(connection, FrameScript.HEAD + empty.repeat(3)));
                RunningProxy proxy = http2(upstream.port(), "", "");
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
            client.readToClose();

            assertThat(proxy.nextFlood()).isEqualTo(Flood.EMPTY_DATA);
            assertThat(proxy.nextRecord().flags())
                    .as("flags")
                    .isEqualTo(Set.of(ResponseFlag.UPSTREAM_PROTOCOL_ERROR));
        }
    }

    @Test
    void an_upstream_resets_no_more_than_there_is() throws Exception {
        String reset = "00000403000000000300000008";
        try (TcpUpstream upstream =
                        TcpUpstream.start(connection -> flood(connection, reset.repeat(102)));
                RunningProxy proxy = http2(upstream.port(), "", "")) {
            assertThat(RawHttp1Client.get(proxy.port(), "/").status()).isEqualTo(503);
            assertThat(proxy.nextFlood()).isEqualTo(Flood.RAPID_RESET);
            assertThat(proxy.nextRecord().flags())
                    .as("flags")
                    .isEqualTo(Set.of(ResponseFlag.UPSTREAM_REMOTE_RESET));
        }
    }

    private static Headers withStatus(Headers fields) {
        Headers head = Headers.of(":status", "200");
        for (Headers.Field field : fields.fields()) {
            head = head.with(field.name(), field.value());
        }
        return head;
    }

    private static Stream<Arguments> errors() {
        return Stream.of(
                Arguments.of("DATA on no stream", "000001000000000000ff"),
                Arguments.of("DATA before a head", "000001000000000003ff"),
                Arguments.of("PUSH_PROMISE", "00000505040000000300000002" + "88"),
                Arguments.of(
                        "a body that is longer than it says",
                        "00000501040000000388" + "0f0d0130" + "000001000100000003ff"));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void what_breaks_the_protocol_is_an_error_of_the_protocol(String what, String frames)
            throws Exception {
        try (TcpUpstream upstream = TcpUpstream.start(connection -> flood(connection, frames));
                RunningProxy proxy = http2(upstream.port(), "", "");
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            client.send("GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
            client.readToClose();
            ExchangeRecord record = proxy.nextRecord();

            assertThat(record.flags())
                    .as("flags of %s: %s", what, record.details())
                    .isEqualTo(Set.of(ResponseFlag.UPSTREAM_PROTOCOL_ERROR));
        }
    }

    @Test
    void interim_heads_without_end_are_502() throws Exception {
        try (H2Upstream upstream =
                        H2Upstream.startAtHead(
                                H2Settings.STANDARD,
                                request ->
                                        stream -> {
                                            for (int i = 0; i < 33; i++) {
                                                stream.send(Headers.of(":status", "103"));
                                            }
                                        });
                RunningProxy proxy = http2(upstream.port(), "", "")) {
            assertThat(RawHttp1Client.get(proxy.port(), "/").status()).isEqualTo(502);
            assertThat(proxy.nextRecord().flags())
                    .as("flags")
                    .isEqualTo(Set.of(ResponseFlag.UPSTREAM_PROTOCOL_ERROR));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"max_headers_count: 3", "max_response_headers_kb: 1"})
    void an_answer_with_a_longer_head_than_it_may_have_is_502(String limit) throws Exception {
        Headers fields = Headers.of("a", "x".repeat(600), "b", "y".repeat(600), "c", "z", "d", "z");
        try (H1Upstream http1 =
                        H1Upstream.start(request -> H1Answer.of(200, fields, Body.of("ok")));
                H2Upstream http2 =
                        H2Upstream.start(
                                request -> stream -> stream.sendLast(withStatus(fields)))) {
            try (RunningProxy proxy = http1(http1.port(), limit)) {
                assertThat(RawHttp1Client.get(proxy.port(), "/").status()).isEqualTo(502);
                assertThat(proxy.nextRecord().flags())
                        .as("flags over HTTP/1.1")
                        .isEqualTo(Set.of(ResponseFlag.UPSTREAM_PROTOCOL_ERROR));
            }
            try (RunningProxy proxy = http2(http2.port(), limit, "")) {
                assertThat(RawHttp1Client.get(proxy.port(), "/").status()).isEqualTo(502);
                assertThat(proxy.nextRecord().flags())
                        .as("flags over HTTP/2")
                        .isEqualTo(Set.of(ResponseFlag.UPSTREAM_PROTOCOL_ERROR));
            }
        }
    }
}
