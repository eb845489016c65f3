package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.JsonFormat;
import dev.sluice.proxy.admin.AdminServer;
import dev.sluice.proxy.snapshot.part.SocketAddressSpec;
import dev.sluice.proxy.tap.Taps;
import dev.sluice.proxy.telemetry.Metrics;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.H2Client;
import dev.sluice.testkit.http.H2Event;
import dev.sluice.testkit.http.H2Settings;
import dev.sluice.testkit.http.H2Stream;
import dev.sluice.testkit.http.H2Upstream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.data.tap.v3.HttpBufferedTrace;
import io.envoyproxy.envoy.data.tap.v3.HttpStreamedTraceSegment;
import io.envoyproxy.envoy.data.tap.v3.TraceWrapper;
import io.netty.handler.codec.http2.Http2Error;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Exchanges as taps record them: to files, and to clients of {@code /tap}. */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class TapIT {
    private static final String TAP =
            """
            - name: envoy.filters.http.tap
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.http.tap.v3.Tap
                common_config: {%s}
                record_headers_received_time: true
                record_downstream_connection: true
                record_upstream_connection: true
            """;

    private static final String ASKED = TAP.formatted("admin_config: {config_id: shop}");

    /** A proxy with its admin endpoint. */
    private record Running(RunningProxy proxy, Metrics metrics, AdminServer admin)
            implements AutoCloseable {
        static Running start(String bootstrap) {
            RunningProxy proxy =
                    RunningProxy.start(
                            ProxySettings.defaults()
                                    .withEventLoops(Integer.getInteger(RunningProxy.LOOPS, 1))
                                    .withTapRedact(Set.of("x-email")),
                            bootstrap);
            Metrics metrics = new Metrics();
            AdminServer.Opening opening =
                    AdminServer.open(
                            new SocketAddressSpec(
                                    InetAddress.getLoopbackAddress().getHostAddress(), 0),
                            new RunningSubject(
                                    proxy.proxy(),
                                    metrics,
                                    List::of,
                                    new LogLevels(),
                                    () -> {},
                                    Optional.empty()),
                            Optional.empty());
            return new Running(proxy, metrics, ((AdminServer.Opening.Opened) opening).server());
        }

        static Running start(H1Upstream upstream) {
            return start(
                    Yaml.withFilters(
                            ASKED,
                            Yaml.bootstrap(
                                    Yaml.routeTo("app"), Yaml.cluster("app", upstream.port()))));
        }

        int adminPort() {
            return admin.address().getPort();
        }

        H1Response ask(String body) throws Exception {
            try (RawHttp1Client client = RawHttp1Client.connect(adminPort())) {
                return client.exchange("POST", "/tap", Headers.NONE, Body.of(body));
            }
        }

        /** Asks for a tap and reads the head of its answer. */
        RawHttp1Client tap(String body) throws Exception {
            RawHttp1Client client = RawHttp1Client.connect(adminPort());
            client.send(
                    "POST /tap HTTP/1.1\r\nhost: admin\r\ncontent-length: %d\r\n\r\n%s"
                            .formatted(body.length(), body));
            assertThat(client.readHead().status()).as("status of /tap").isEqualTo(200);
            return client;
        }

        Taps taps() {
            return proxy.proxy().taps();
        }

        boolean isTapped() {
            return taps().attached("shop").isPresent();
        }

        @Override
        public void close() {
            admin.close();
            proxy.close();
            metrics.close();
        }
    }

    private static String asked(String match, String sink, String more) {
        return """
        config_id: shop
        tap_config:
          match: {%s}
          output_config: {sinks: [{%s}]%s}
        """
                .formatted(match, sink, more);
    }

    private static TraceWrapper trace(Body json) throws Exception {
        TraceWrapper.Builder trace = TraceWrapper.newBuilder();
        JsonFormat.parser().merge(json.text(), trace);
        return trace.build();
    }

    private static List<String> shown(List<HeaderValue> values) {
        return values.stream().map(value -> value.getKey() + ": " + value.getValue()).toList();
    }

    @Test
    void a_client_of_tap_is_sent_what_matches_without_secrets() throws Exception {
        try (H1Upstream upstream =
                        H1Upstream.start(request ->
                                H1Answer.of(
                                        201,
                                        Headers.of("set-cookie", "a=b", "x-shop", "main"),
                                        Body.of("an answer")));
                Running running = Running.start(upstream);
                RawHttp1Client tap =
                        running.tap(
                                asked(
                                        "http_request_headers_match: {headers: [{name: x-debug, present_match: true}]}",
                                        "format: JSON_BODY_AS_STRING, streaming_admin: {}",
                                        ", max_buffered_rx_bytes: 4"));
                RawHttp1Client client = RawHttp1Client.connect(running.proxy().port())) {
            client.exchange("GET", "/unseen", Headers.NONE, Body.EMPTY);
            client.exchange(
                    "POST",
                    "/pay?x=1",
                    Headers.of("x-debug", "1", "authorization", "Bearer t", "x-email", "a@b"),
                    Body.of("question"));

            HttpBufferedTrace trace = trace(tap.readChunk()).getHttpBufferedTrace();
            assertThat(shown(trace.getRequest().getHeadersList()))
                    .contains(
                            ":path: /pay?x=1",
                            ":method: POST",
                            "x-debug: 1",
                            "authorization: [redacted]",
                            "x-email: [redacted]");
            assertThat(trace.getRequest().getBody().getAsString()).isEqualTo("ques");
            assertThat(trace.getRequest().getBody().getTruncated()).isTrue();
            assertThat(shown(trace.getResponse().getHeadersList()))
                    .contains(":status: 201", "set-cookie: [redacted]", "x-shop: main");
            assertThat(trace.getResponse().getBody().getAsString()).isEqualTo("an answer");
            assertThat(trace.getResponse().getBody().getTruncated()).isFalse();
            assertThat(trace.getRequest().getHeadersReceivedTime().getSeconds()).isPositive();
            assertThat(
                            trace.getDownstreamConnection()
                                    .getLocalAddress()
                                    .getSocketAddress()
                                    .getPortValue())
                    .isEqualTo(running.proxy().port());
            assertThat(
                            trace.getUpstreamConnection()
                                    .getRemoteAddress()
                                    .getSocketAddress()
                                    .getPortValue())
                    .isEqualTo(upstream.port());
        }
    }

    @Test
    void a_tap_ends_with_its_client_and_there_is_one_at_a_time() throws Exception {
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("hello"));
                Running running = Running.start(upstream)) {
            String any = asked("any_match: true", "streaming_admin: {}", "");
            RawHttp1Client tap = running.tap(any);
            H1Response second = running.ask(any);
            assertThat(second.status()).as("a second client, as in Envoy").isEqualTo(400);
            assertThat(second.body().text()).contains("a client taps 'shop' already");
            tap.close();
            ManagedProxy.until("the end of the tap", () -> !running.isTapped());
            assertThat(RawHttp1Client.get(running.proxy().port(), "/").status()).isEqualTo(200);

            H2Client again = H2Client.connect(running.adminPort());
            H2Stream stream = again.open("POST", "/tap");
            stream.sendLastData(any.getBytes(StandardCharsets.UTF_8));
            assertThat(stream.readHead().first(":status")).contains("200");
            RawHttp1Client.get(running.proxy().port(), "/seen");
            assertThat(stream.nextEvent())
                    .isInstanceOfSatisfying(
                            H2Event.Data.class,
                            data -> assertThat(data.body().text()).contains("/seen"));
            stream.reset(Http2Error.CANCEL);
            ManagedProxy.until("the end of the tap over HTTP/2", () -> !running.isTapped());
            again.close();
        }
    }

    @Test
    void gathered_exchanges_are_sent_when_there_are_enough_or_it_is_time() throws Exception {
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("hello"));
                Running running = Running.start(upstream);
                RawHttp1Client tap =
                        running.tap(
                                asked(
                                        "any_match: true",
                                        "format: PROTO_BINARY_LENGTH_DELIMITED, buffered_admin: {max_traces: 2}",
                                        ""))) {
            for (String path : List.of("/1", "/2")) {
                RawHttp1Client.get(running.proxy().port(), path);
            }
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (Body part = tap.readChunk(); part.size() > 0; part = tap.readChunk()) {
                all.writeBytes(part.bytes());
            }
            ByteArrayInputStream bytes = new ByteArrayInputStream(all.toByteArray());
            assertThat(path(TraceWrapper.parseDelimitedFrom(bytes))).isEqualTo("/1");
            assertThat(path(TraceWrapper.parseDelimitedFrom(bytes))).isEqualTo("/2");
            assertThat(bytes.available()).as("bytes left").isZero();
            assertThat(running.isTapped()).as("tapped after that").isFalse();

            H1Response none =
                    running.ask(
                            asked(
                                    "any_match: true",
                                    "buffered_admin: {max_traces: 2, timeout: 0.01s}",
                                    ""));
            assertThat(none.status()).isEqualTo(200);
            assertThat(none.body().text()).as("nothing came in that time").isEmpty();
        }
    }

    private static String path(TraceWrapper trace) {
        return trace.getHttpBufferedTrace().getRequest().getHeadersList().stream()
                .filter(header -> header.getKey().equals(":path"))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    @Test
    void segments_are_sent_while_an_exchange_lasts() throws Exception {
        try (H2Upstream upstream =
                        H2Upstream.startAtHead(
                                H2Settings.STANDARD,
                                request ->
                                        stream -> {
                                            stream.send(Headers.of(":status", "200"));
                                            stream.sendData("one".getBytes(StandardCharsets.UTF_8));
                                            stream.readMessage();
                                            stream.sendLast(Headers.of("grpc-status", "0"));
                                        });
                Running running =
                        Running.start(
                                Yaml.withFilters(
                                        ASKED,
                                        Yaml.bootstrap(
                                                Yaml.routeTo("app"),
                                                Yaml.http2Cluster("app", upstream.port()))));
                RawHttp1Client tap =
                        running.tap(
                                asked(
                                        "http_response_headers_match: {headers: [{name: ':status', exact_match: '200'}]}",
                                        "format: JSON_BODY_AS_STRING, streaming_admin: {}",
                                        ", streaming: true"));
                H2Client client = H2Client.connect(running.proxy().port())) {
            H2Stream call = client.open("POST", "/shop.Shop/Watch", "te", "trailers");
            List<HttpStreamedTraceSegment> segments = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                segments.add(trace(tap.readChunk()).getHttpStreamedTraceSegment());
            }
            assertThat(segments)
                    .as("before the call is over")
                    .extracting(HttpStreamedTraceSegment::getMessagePieceCase)
                    .extracting(Enum::name)
                    .containsExactly("REQUEST_HEADERS", "RESPONSE_HEADERS", "RESPONSE_BODY_CHUNK");
            assertThat(segments.getLast().getResponseBodyChunk().getAsString()).isEqualTo("one");

            call.sendLast(Headers.of("x-end", "1"));
            List<String> rest = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                rest.add(
                        trace(tap.readChunk())
                                .getHttpStreamedTraceSegment()
                                .getMessagePieceCase()
                                .name());
            }
            assertThat(rest).containsExactlyInAnyOrder("REQUEST_TRAILERS", "RESPONSE_TRAILERS");
            call.readMessage();
        }
    }

    @Test
    void a_fixed_tap_writes_a_file_for_each_exchange_that_it_draws(@TempDir Path folder)
            throws Exception {
        String fixed =
                """
                static_config: {
                  match: {http_response_headers_match: {headers: [{name: ':status', range_match: {start: 500, end: 600}}]}},
                  tap_enabled: {runtime_key: tap.share, default_value: {numerator: 100}},
                  output_config: {sinks: [{format: JSON_BODY_AS_STRING, file_per_tap: {path_prefix: "%s/tap"}}]}}
                """
                        .formatted(folder)
                        .replace("\n", " ");
        String routes =
                """
                - {match: {prefix: /bad}, direct_response: {status: 503, body: {inline_string: down}}}
                - {match: {prefix: /}, direct_response: {status: 200}}
                """;
        try (Running running =
                Running.start(Yaml.withFilters(TAP.formatted(fixed), Yaml.bootstrap(routes)))) {
            RawHttp1Client.get(running.proxy().port(), "/good");
            RawHttp1Client.get(running.proxy().port(), "/bad");
            ManagedProxy.until("the file", () -> running.taps().counts().allWritten() == 1);

            List<Path> files;
            try (var listed = Files.list(folder)) {
                files = listed.toList();
            }
            assertThat(files).hasSize(1);
            assertThat(files.getFirst().getFileName().toString()).matches("tap_\\d+\\.json");
            assertThat(Files.getPosixFilePermissions(files.getFirst()))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            HttpBufferedTrace trace =
                    trace(Body.of(Files.readString(files.getFirst()))).getHttpBufferedTrace();
            assertThat(shown(trace.getRequest().getHeadersList())).contains(":path: /bad");
            assertThat(trace.getResponse().getBody().getAsString()).isEqualTo("down");
            assertThat(running.metrics().scrape()).isNotNull();
        }
    }

    @Test
    void a_client_that_reads_nothing_loses_messages_and_delays_no_request() throws Exception {
        String large = "x".repeat(60_000);
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok(large));
                Running running = Running.start(upstream);
                RawHttp1Client client = RawHttp1Client.connect(running.proxy().port())) {
            RawHttp1Client tap =
                    running.tap(
                            asked(
                                    "any_match: true",
                                    "streaming_admin: {}",
                                    ", max_buffered_tx_bytes: 100000"));
            int asked = 0;
            while (running.taps().counts().allLost() == 0 && asked < 2_000) {
                assertThat(client.exchange("GET", "/", Headers.NONE, Body.EMPTY).body().size())
                        .isEqualTo(large.length());
                asked++;
            }
            assertThat(running.taps().counts().allLost())
                    .as("messages lost after %s requests", asked)
                    .isPositive();
            assertThat(running.taps().held()).as("memory held").isLessThanOrEqualTo(Taps.MOST_HELD);
            tap.close();
            ManagedProxy.until(
                    "memory of a tap whose client is gone", () -> running.taps().held() == 0);
        }
    }

    @Test
    void what_is_wrong_with_a_request_for_a_tap_is_told_at_once() throws Exception {
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("hello"));
                Running running = Running.start(upstream)) {
            H1Response wrong =
                    running.ask(
                            asked("any_match: true", "file_per_tap: {path_prefix: /tmp/x}", "")
                                    .replace("shop", "other"));
            assertThat(wrong.status()).isEqualTo(400);
            assertThat(wrong.body().text())
                    .contains("config_id", "'other'", "one of shop")
                    .contains("file_per_tap", "write files by static_config");
            assertThat(running.ask("").body().text()).contains("no body");
            assertThat(running.ask("config_id: {").status()).isEqualTo(400);
            assertThat(RawHttp1Client.get(running.adminPort(), "/tap").status()).isEqualTo(405);
        }
    }
}
