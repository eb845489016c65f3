package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.H2Client;
import dev.sluice.testkit.http.H2Message;
import dev.sluice.testkit.http.H2Settings;
import dev.sluice.testkit.http.H2Stream;
import dev.sluice.testkit.http.H2Upstream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Streams, trailers, broken answers, retries and configuration swaps, through a whole proxy. */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class StreamIT {
    private static final byte[] PING = "ping".getBytes(StandardCharsets.UTF_8);

    @Test
    void messages_flow_both_ways_at_once_and_trailers_end_them() {
        try (H2Upstream upstream =
                        H2Upstream.startAtHead(H2Settings.STANDARD, request -> StreamIT::echoOnce);
                RunningProxy proxy = h2(upstream.port());
                H2Client client = H2Client.connect(proxy.port())) {
            H2Stream stream =
                    client.open(
                            "POST",
                            "/shop.Orders/Watch",
                            "content-type",
                            "application/grpc",
                            "te",
                            "trailers");
            Headers head = stream.readHead();
            stream.sendLastData(PING);
            H2Message answer = stream.readMessage(head);
            ExchangeRecord record = proxy.nextRecord();

            assertThat(answer.body().text()).as("answer").isEqualTo("ping");
            assertThat(answer.trailers().first("grpc-status")).as("status").hasValue("0");
            assertThat(record.grpcStatus()).as("recorded gRPC status").isZero();
        }
    }

    @Test
    void trailers_cross_from_http1_to_http2() {
        H1Answer answer = H1Answer.chunked(List.of("a", "b"), Headers.of("x-end", "yes"));
        try (H1Upstream upstream = H1Upstream.start(request -> answer);
                RunningProxy proxy = h1(Yaml.routeTo("app"), upstream.port());
                H2Client client = H2Client.connect(proxy.port())) {
            H2Message message = client.get("/", "te", "trailers");

            assertThat(message.body().text()).as("body").isEqualTo("ab");
            assertThat(message.trailers().first("x-end")).as("trailer").hasValue("yes");
        }
    }

    @Test
    void an_answer_that_breaks_off_breaks_off_for_the_client_too() throws Exception {
        H1Answer answer = H1Answer.partial(100, "half").thenReset();
        try (H1Upstream upstream = H1Upstream.start(request -> answer);
                RunningProxy proxy = h1(Yaml.routeTo("app"), upstream.port());
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            client.send("GET / HTTP/1.1\r\nhost: sluice.test\r\n\r\n");
            H1Response head = client.readHead();
            Body rest = client.readToClose();
            ExchangeRecord record = proxy.nextRecord();

            assertThat(head.headers().first("content-length")).as("promise").hasValue("100");
            assertThat(rest.text()).as("what came").isEqualTo("half");
            assertThat(record.flags())
                    .as("response flags")
                    .containsExactly(ResponseFlag.UPSTREAM_CONNECTION_TERMINATION);
        }
    }

    @Test
    void a_5xx_is_retried_with_the_whole_body_as_often_as_the_route_says() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        String route =
                """
                - match: {prefix: /}
                  route:
                    cluster: app
                    retry_policy: {retry_on: 5xx, num_retries: 2, retry_back_off: {base_interval: 0.001s}}
                """;
        try (H1Upstream upstream =
                        H1Upstream.start(request ->
                                calls.incrementAndGet() < 3
                                        ? H1Answer.status(503)
                                        : H1Answer.ok(request.body().text()));
                RunningProxy proxy = h1(route, upstream.port());
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            H1Response answer =
                    client.exchange("POST", "/", Headers.NONE, Body.of("the whole body"));
            ExchangeRecord record = proxy.nextRecord();

            assertThat(answer.body().text()).as("answer").isEqualTo("the whole body");
            assertThat(record.upstream().orElseThrow().attempts()).as("attempts").isEqualTo(3);
        }
    }

    @Test
    void the_last_5xx_is_passed_on_when_retries_are_used_up() throws Exception {
        String route =
                """
                - match: {prefix: /}
                  route:
                    cluster: app
                    retry_policy: {retry_on: 5xx, num_retries: 1, retry_back_off: {base_interval: 0.001s}}
                """;
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.status(502));
                RunningProxy proxy = h1(route, upstream.port())) {
            H1Response answer = RawHttp1Client.get(proxy.port(), "/");
            ExchangeRecord record = proxy.nextRecord();

            assertThat(answer.status()).as("status").isEqualTo(502);
            assertThat(record.flags())
                    .as("response flags")
                    .containsExactly(ResponseFlag.UPSTREAM_RETRY_LIMIT_EXCEEDED);
            assertThat(upstream.received()).as("attempts").hasSize(2);
        }
    }

    @Test
    void a_client_that_resets_cancels_the_upstream_and_is_recorded() throws Exception {
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.silence());
                RunningProxy proxy = h1(Yaml.routeTo("app"), upstream.port())) {
            try (RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
                client.send("GET / HTTP/1.1\r\nhost: sluice.test\r\n\r\n");
                upstream.next();
                client.connection().reset();
            }
            ExchangeRecord record = proxy.nextRecord();

            assertThat(record.flags())
                    .as("response flags")
                    .containsExactly(ResponseFlag.DOWNSTREAM_CONNECTION_TERMINATION);
        }
    }

    @Test
    void a_swap_changes_the_upstream_between_two_requests_of_one_connection() throws Exception {
        try (H1Upstream first = H1Upstream.start(request -> H1Answer.ok("first"));
                H1Upstream second = H1Upstream.start(request -> H1Answer.ok("second"));
                RunningProxy proxy = h1(Yaml.routeTo("app"), first.port());
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            H1Response before = client.exchange("GET", "/", Headers.NONE, Body.EMPTY);
            proxy.swap(2, Yaml.bootstrap(Yaml.routeTo("app"), Yaml.cluster("app", second.port())));
            H1Response after = client.exchange("GET", "/", Headers.NONE, Body.EMPTY);

            assertThat(before.body().text()).as("before").isEqualTo("first");
            assertThat(after.body().text()).as("after").isEqualTo("second");
        }
    }

    private static void echoOnce(H2Stream stream) {
        stream.send(Headers.of(":status", "200", "content-type", "application/grpc"));
        H2Message request = stream.readMessage(Headers.NONE);
        stream.sendData(request.body().bytes());
        stream.sendLast(Headers.of("grpc-status", "0"));
    }

    private static RunningProxy h1(String routes, int port) {
        return RunningProxy.start(1, Yaml.bootstrap(routes, Yaml.cluster("app", port)));
    }

    private static RunningProxy h2(int port) {
        return RunningProxy.start(
                1, Yaml.bootstrap(Yaml.routeTo("app"), Yaml.http2Cluster("app", port)));
    }
}
