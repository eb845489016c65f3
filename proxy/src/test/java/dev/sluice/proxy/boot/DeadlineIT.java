package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Request;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.H2Answer;
import dev.sluice.testkit.http.H2Client;
import dev.sluice.testkit.http.H2Message;
import dev.sluice.testkit.http.H2Settings;
import dev.sluice.testkit.http.H2Stream;
import dev.sluice.testkit.http.H2Upstream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What ends exchanges that take too long, and what the client and the upstream are told. */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class DeadlineIT {
    private final H1Upstream silent = H1Upstream.startAtHead(request -> H1Answer.silence());

    @AfterEach
    void end() {
        silent.close();
    }

    private static String route(String settings) {
        return "- {name: all, match: {prefix: /}, route: {cluster: app, " + settings + "}}\n";
    }

    private static RunningProxy proxy(String routes, String... clusters) {
        return RunningProxy.start(1, Yaml.bootstrap(routes, clusters));
    }

    private RunningProxy beforeSilence(String settings) {
        return proxy(route(settings), Yaml.cluster("app", silent.port()));
    }

    private static void assertRecorded(RunningProxy proxy, int status, ResponseFlag flag) {
        ExchangeRecord record = proxy.nextRecord();
        assertThat(record.status()).as("status").isEqualTo(status);
        assertThat(record.flags()).as("flags").isEqualTo(Set.of(flag));
    }

    @Test
    void a_stream_that_takes_too_long_is_answered_504_when_its_request_was_complete()
            throws Exception {
        try (RunningProxy proxy =
                beforeSilence("max_stream_duration: {max_stream_duration: 0.05s}")) {
            H1Response answer = RawHttp1Client.get(proxy.port(), "/");

            assertThat(answer.status()).isEqualTo(504);
            assertRecorded(proxy, 504, ResponseFlag.DURATION_TIMEOUT);
        }
    }

    @Test
    void a_request_that_takes_too_long_is_answered_408() throws Exception {
        try (RunningProxy proxy =
                        beforeSilence("max_stream_duration: {max_stream_duration: 0.05s}");
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            client.send("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nab");

            assertThat(client.readResponse().status()).isEqualTo(408);
            assertRecorded(proxy, 408, ResponseFlag.DURATION_TIMEOUT);
        }
    }

    @Test
    void a_listener_bounds_streams_of_routes_that_say_nothing() throws Exception {
        String plain = Yaml.bootstrap(Yaml.routeTo("app"), Yaml.cluster("app", silent.port()));
        String limit = "common_http_protocol_options: {max_stream_duration: 0.05s}";
        try (RunningProxy proxy = RunningProxy.start(1, Yaml.withManager(limit, plain))) {
            assertThat(RawHttp1Client.get(proxy.port(), "/").status()).isEqualTo(504);
            assertRecorded(proxy, 504, ResponseFlag.DURATION_TIMEOUT);
        }
    }

    @Test
    void the_clients_grpc_timeout_ends_a_call_and_is_told_cut_to_the_upstream() {
        String limits =
                "max_stream_duration: {grpc_timeout_header_max: 3s,"
                        + " grpc_timeout_header_offset: 1s}";
        try (H2Upstream upstream =
                        H2Upstream.startAtHead(H2Settings.STANDARD, request -> stream -> {});
                RunningProxy proxy =
                        proxy(route(limits), Yaml.http2Cluster("app", upstream.port()));
                H2Client client = H2Client.connect(proxy.port())) {
            H2Message answer =
                    client.post(
                            "/shop.Orders/Get",
                            Body.of("x"),
                            "content-type",
                            "application/grpc",
                            "te",
                            "trailers",
                            "grpc-timeout",
                            "10S");

            assertThat(answer.head().first("grpc-status")).as("DEADLINE_EXCEEDED").contains("4");
            assertRecorded(proxy, 200, ResponseFlag.DURATION_TIMEOUT);
            assertThat(upstream.next().head().first("grpc-timeout")).contains("2000m");
        }
    }

    @Test
    void the_clusters_time_for_one_stream_has_a_flag_of_its_own() throws Exception {
        String cluster =
                Yaml.cluster("app", silent.port())
                        + """
                          typed_extension_protocol_options:
                            envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                              "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                              common_http_protocol_options: {max_stream_duration: 0.05s}
                              explicit_http_config: {http_protocol_options: {}}
                        """;
        try (RunningProxy proxy = proxy(Yaml.routeTo("app"), cluster)) {
            assertThat(RawHttp1Client.get(proxy.port(), "/").status()).isEqualTo(504);
            assertRecorded(proxy, 504, ResponseFlag.UPSTREAM_MAX_STREAM_DURATION_REACHED);
        }
    }

    @Test
    void an_attempt_that_stands_still_is_repeated_within_the_time_of_the_whole() throws Exception {
        String retry =
                "timeout: 60s, retry_policy: {retry_on: 5xx, per_try_idle_timeout: 0.05s,"
                        + " num_retries: 100}";
        AtomicInteger attempts = new AtomicInteger();
        try (H1Upstream upstream =
                        H1Upstream.startAtHead(request ->
                                attempts.getAndIncrement() == 0
                                        ? H1Answer.silence()
                                        : H1Answer.ok("yes"));
                RunningProxy proxy = proxy(route(retry), Yaml.cluster("app", upstream.port()))) {
            H1Response answer = RawHttp1Client.get(proxy.port(), "/");

            assertThat(answer.body().text()).isEqualTo("yes");
            assertThat(proxy.nextRecord().upstream().orElseThrow().attempts())
                    .as("attempts")
                    .isGreaterThanOrEqualTo(2);
        }
    }

    /** The second request is late after the first would be. */
    @Test
    void a_head_that_came_before_the_end_of_the_request_is_in_time() {
        String limit =
                "timeout: 0s, retry_policy: {retry_on: refused-stream, per_try_timeout: 0.2s}";
        CountDownLatch later = new CountDownLatch(1);
        H2Answer early =
                stream -> {
                    stream.send(Headers.of(":status", "200"));
                    stream.await(later);
                    stream.sendLastData(Body.of("whole").bytes());
                };
        try (H2Upstream upstream =
                        H2Upstream.startAtHead(
                                H2Settings.STANDARD,
                                request ->
                                        request.head().first(":path").orElseThrow().equals("/early")
                                                ? early
                                                : stream -> {});
                RunningProxy proxy =
                        proxy(route(limit), Yaml.http2Cluster("app", upstream.port()));
                H2Client client = H2Client.connect(proxy.port())) {
            H2Stream stream = client.open("POST", "/early");
            Headers head = stream.readHead();
            stream.sendLastData(Body.of("end").bytes());

            H2Message late = client.get("/late");
            later.countDown();

            assertThat(late.head().first(":status")).contains("504");
            assertThat(stream.readMessage(head).body().text()).isEqualTo("whole");
        }
    }

    @Test
    void an_answer_that_stands_still_within_an_attempt_breaks_off() throws Exception {
        String limits =
                "timeout: 0s, retry_policy: {retry_on: 5xx, per_try_idle_timeout: 0.5s,"
                        + " num_retries: 100}";
        H1Answer half = H1Answer.partial(100, "half").then(H1Answer.silence());
        try (H1Upstream upstream = H1Upstream.start(request -> half);
                RunningProxy proxy = proxy(route(limits), Yaml.cluster("app", upstream.port()));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");

            assertThat(client.readToClose().text()).as("all that came").endsWith("half");
            assertRecorded(proxy, 200, ResponseFlag.UPSTREAM_REQUEST_TIMEOUT);
        }
    }

    @Test
    void an_internal_client_may_choose_its_time_and_another_may_not() throws Exception {
        String internal =
                "internal_address_config: {cidr_ranges: [{address_prefix: 127.0.0.0, prefix_len:"
                        + " 8}]}";
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("yes"));
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.withManager(
                                        internal,
                                        Yaml.bootstrap(
                                                route("timeout: 20s"),
                                                Yaml.cluster("app", upstream.port()))));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            Headers order = Headers.of("x-envoy-upstream-rq-timeout-ms", "60000");
            client.exchange("GET", "/", order.with("x-forwarded-for", "127.0.0.1"), Body.EMPTY);
            H1Request fromInternal = upstream.next();
            client.exchange("GET", "/", order, Body.EMPTY);
            H1Request fromOther = upstream.next();

            assertThat(fromInternal.headers().first("x-envoy-expected-rq-timeout-ms"))
                    .contains("60000");
            assertThat(fromInternal.headers().first("x-envoy-internal")).contains("true");
            assertThat(fromOther.headers().first("x-envoy-expected-rq-timeout-ms"))
                    .contains("20000");
            assertThat(fromOther.headers().has("x-envoy-upstream-rq-timeout-ms")).isFalse();
        }
    }
}
