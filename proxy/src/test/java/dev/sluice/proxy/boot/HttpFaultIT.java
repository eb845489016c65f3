package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.FaultMark;
import dev.sluice.proxy.observe.FilterEvent;
import dev.sluice.proxy.observe.InjectedFault;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.H2Client;
import dev.sluice.testkit.http.H2Message;
import dev.sluice.testkit.http.H2Stream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import io.netty.handler.codec.http2.Http2Error;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Envoy's fault filter, as clients, upstreams and records see it. */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class HttpFaultIT {
    private static final String NAME = "envoy.filters.http.fault";
    private static final String TYPE =
            "type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault";
    private static final String BY_HEADERS =
            """
            delay: {header_delay: {}, percentage: {numerator: 100}}
            abort: {header_abort: {}, percentage: {numerator: 100}}
            response_rate_limit: {header_limit: {}, percentage: {numerator: 100}}
            """;
    private static final String TEN_MINUTES = "600000";
    private static final Body BODY = Body.of("0123456789".repeat(1_000));

    private final H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok(BODY.text()));

    @AfterEach
    void closeUpstream() {
        upstream.close();
    }

    private RunningProxy proxy(String settings) {
        return proxy(settings, Yaml.routeTo("app"));
    }

    private RunningProxy proxy(String settings, String routes) {
        String filter =
                "- name: "
                        + NAME
                        + "\n  typed_config:\n    \"@type\": "
                        + TYPE
                        + "\n"
                        + settings.indent(4);
        return RunningProxy.start(
                1,
                Yaml.withFilters(
                        filter,
                        Yaml.bootstrap(
                                routes,
                                Yaml.cluster("app", upstream.port()),
                                Yaml.cluster("twin", upstream.port()))));
    }

    private static InjectedFault fault(String kind, Optional<ResponseFlag> flag) {
        return new InjectedFault(NAME, kind, flag, FaultMark.COUNTED);
    }

    @Test
    void an_aborted_request_never_reaches_the_upstream() throws Exception {
        try (RunningProxy proxy =
                proxy("abort: {http_status: 503, percentage: {numerator: 100}}")) {
            H1Response answer = RawHttp1Client.get(proxy.port(), "/");
            ExchangeRecord record = proxy.nextRecord();

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body().text()).isEqualTo("fault filter abort");
            assertThat(upstream.received()).as("requests upstream").isEmpty();
            assertThat(record.flags()).containsExactly(ResponseFlag.FAULT_INJECTED);
            assertThat(record.details()).isEqualTo("fault_filter_abort");
            assertThat(record.faults())
                    .containsExactly(
                            fault("http_status", Optional.of(ResponseFlag.FAULT_INJECTED)));
        }
    }

    @Test
    void a_delayed_request_is_forwarded_whole_when_its_time_is_over() throws Exception {
        try (RunningProxy proxy = proxy(BY_HEADERS);
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            H1Response answer =
                    client.exchange(
                            "POST", "/", Headers.of("x-envoy-fault-delay-request", "20"), BODY);
            ExchangeRecord record = proxy.nextRecord();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(upstream.next().body()).as("body upstream").isEqualTo(BODY);
            assertThat(record.flags()).containsExactly(ResponseFlag.DELAY_INJECTED);
            assertThat(record.faults())
                    .containsExactly(fault("delay", Optional.of(ResponseFlag.DELAY_INJECTED)));
        }
    }

    @Test
    void a_delay_is_not_taken_off_the_time_that_the_route_allows() throws Exception {
        String route = "- {match: {prefix: /}, route: {cluster: app, timeout: 10s}}\n";
        try (RunningProxy proxy = proxy(BY_HEADERS, route)) {
            RawHttp1Client.get(proxy.port(), "/", "x-envoy-fault-delay-request", "30");

            assertThat(upstream.next().headers().first("x-envoy-expected-rq-timeout-ms"))
                    .hasValue("10000");
        }
    }

    @Test
    void a_client_that_leaves_while_it_waits_ends_the_wait() throws Exception {
        try (RunningProxy proxy = proxy(BY_HEADERS + "max_active_faults: 1\n")) {
            RawHttp1Client client = RawHttp1Client.connect(proxy.port());
            client.send(
                    "GET / HTTP/1.1\r\nhost: h\r\nx-envoy-fault-delay-request: %s\r\n\r\n"
                            .formatted(TEN_MINUTES));
            assertThat(RawHttp1Client.get(proxy.port(), "/").status()).isEqualTo(200);
            proxy.nextRecord();
            client.close();
            ExchangeRecord record = proxy.nextRecord();
            H1Response next =
                    RawHttp1Client.get(proxy.port(), "/", "x-envoy-fault-abort-request", "418");

            assertThat(record.flags())
                    .containsExactly(
                            ResponseFlag.DOWNSTREAM_CONNECTION_TERMINATION,
                            ResponseFlag.DELAY_INJECTED);
            assertThat(record.status()).as("status of no answer").isZero();
            assertThat(upstream.received()).as("requests upstream").hasSize(1);
            assertThat(next.status()).as("there is room for a fault again").isEqualTo(418);
        }
    }

    @Test
    void a_stream_that_is_reset_while_it_waits_ends_alone() {
        try (RunningProxy proxy = proxy(BY_HEADERS);
                H2Client client = H2Client.connect(proxy.port())) {
            H2Stream waiting = client.open();
            waiting.sendLast(
                    Headers.of(
                            ":method",
                            "GET",
                            ":scheme",
                            "http",
                            ":authority",
                            "h",
                            ":path",
                            "/",
                            "x-envoy-fault-delay-request",
                            TEN_MINUTES));
            waiting.reset(Http2Error.CANCEL);
            H2Message answer = client.get("/");
            List<ExchangeRecord> records = List.of(proxy.nextRecord(), proxy.nextRecord());

            assertThat(answer.status()).as("another stream").isEqualTo(200);
            assertThat(records.getFirst().flags())
                    .as("flags of the stream that was reset")
                    .contains(ResponseFlag.DELAY_INJECTED);
        }
    }

    @Test
    void a_request_that_waits_too_long_is_timed_out() throws Exception {
        String route =
                "- {match: {prefix: /}, route: {cluster: app, idle_timeout: 0.05s, timeout: 0s}}\n";
        try (RunningProxy proxy = proxy(BY_HEADERS, route)) {
            H1Response answer =
                    RawHttp1Client.get(
                            proxy.port(), "/", "x-envoy-fault-delay-request", TEN_MINUTES);
            ExchangeRecord record = proxy.nextRecord();

            assertThat(answer.status()).isEqualTo(504);
            assertThat(record.flags())
                    .containsExactly(ResponseFlag.STREAM_IDLE_TIMEOUT, ResponseFlag.DELAY_INJECTED);
        }
    }

    @Test
    void a_slow_answer_is_whole_over_both_protocols() throws Exception {
        try (RunningProxy proxy = proxy(BY_HEADERS);
                H2Client client = H2Client.connect(proxy.port())) {
            H1Response one =
                    RawHttp1Client.get(
                            proxy.port(), "/", "x-envoy-fault-throughput-response", "100");
            H2Message two = client.get("/", "x-envoy-fault-throughput-response", "100");
            ExchangeRecord record = proxy.nextRecord();

            assertThat(one.body()).as("over HTTP/1.1").isEqualTo(BODY);
            assertThat(two.body()).as("over HTTP/2").isEqualTo(BODY);
            assertThat(record.flags()).as("flags, none as in Envoy").isEmpty();
            assertThat(record.faults()).containsExactly(fault("body_rate", Optional.empty()));
        }
    }

    @Test
    void a_client_that_leaves_a_slow_answer_ends_it() throws Exception {
        try (RunningProxy proxy = proxy(BY_HEADERS)) {
            RawHttp1Client client = RawHttp1Client.connect(proxy.port());
            client.send(
                    "GET / HTTP/1.1\r\nhost: h\r\nx-envoy-fault-throughput-response: 1\r\n\r\n");
            client.readHead();
            client.close();

            assertThat(proxy.nextRecord().flags())
                    .contains(ResponseFlag.DOWNSTREAM_CONNECTION_TERMINATION);
        }
    }

    @Test
    void a_route_may_have_faults_of_its_own_and_a_cluster_be_named() throws Exception {
        String routes =
                """
                - match: {prefix: /broken}
                  route: {cluster: app}
                  typed_per_filter_config:
                    %s:
                      "@type": %s
                      upstream_cluster: app
                      abort: {grpc_status: 5, percentage: {numerator: 1000000, denominator: MILLION}}
                - match: {prefix: /elsewhere}
                  route: {cluster: app}
                  typed_per_filter_config:
                    %s:
                      "@type": %s
                      upstream_cluster: other
                      abort: {http_status: 500, percentage: {numerator: 100}}
                - {match: {prefix: /}, route: {cluster: app}}
                """
                        .formatted(NAME, TYPE, NAME, TYPE);
        try (RunningProxy proxy = proxy("", routes);
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            H1Response call =
                    client.exchange(
                            "POST",
                            "/broken",
                            Headers.of("content-type", "application/grpc"),
                            Body.EMPTY);
            H1Response plain = client.exchange("GET", "/broken", Headers.NONE, Body.EMPTY);
            H1Response other = client.exchange("GET", "/elsewhere", Headers.NONE, Body.EMPTY);
            H1Response rest = client.exchange("GET", "/", Headers.NONE, Body.EMPTY);

            assertThat(call.headers().first("grpc-status")).as("of a call").hasValue("5");
            assertThat(plain.status()).as("of what is no call").isEqualTo(200);
            assertThat(plain.body().text()).isEqualTo("fault filter abort");
            assertThat(other.body()).as("answer to another cluster's").isEqualTo(BODY);
            assertThat(rest.body()).as("answer without faults").isEqualTo(BODY);
        }
    }

    @Test
    void the_cluster_that_weights_choose_is_the_one_that_is_compared() throws Exception {
        String routes =
                """
                - match: {prefix: /}
                  route:
                    weighted_clusters:
                      clusters: [{name: app, weight: 50}, {name: twin, weight: 50}]
                """;
        String faults =
                """
                upstream_cluster: twin
                abort: {http_status: 500, percentage: {numerator: 100}}
                """;
        try (RunningProxy proxy = proxy(faults, routes);
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            for (int i = 0; i < 40; i++) {
                int status = client.exchange("GET", "/", Headers.NONE, Body.EMPTY).status();
                ExchangeRecord record = proxy.nextRecord();

                assertThat(status).as("status of request %d", i).isIn(200, 500);
                assertThat(record.upstream().map(ExchangeRecord.Upstream::cluster))
                        .as("cluster of request %d", i)
                        .isEqualTo(status == 200 ? Optional.of("app") : Optional.empty());
            }
        }
    }

    @Test
    void requests_beyond_those_that_may_meet_faults_meet_none() throws Exception {
        String faults =
                """
                abort: {http_status: 503, percentage: {numerator: 100}}
                max_active_faults: 0
                """;
        try (RunningProxy proxy = proxy(faults)) {
            assertThat(RawHttp1Client.get(proxy.port(), "/").status()).isEqualTo(200);
            assertThat(proxy.nextRecord().filterEvents())
                    .containsExactly(new FilterEvent(NAME, FilterEvent.Kind.FAULTS_OVERFLOW));
        }
    }
}
