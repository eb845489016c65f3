package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.exchange.CodecRefusal;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.H2Client;
import dev.sluice.testkit.http.H2Message;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a client gets when the proxy answers in place of an upstream. */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class RefusalIT {
    @Test
    void no_route_is_404_with_flag_nr() throws Exception {
        String route = "- {match: {path: /known}, direct_response: {status: 200}}\n";
        expect(Yaml.bootstrap(route), 404, ResponseFlag.NO_ROUTE);
    }

    @Test
    void what_goes_nowhere_is_on_record_under_an_id_of_its_own_or_the_clients() throws Exception {
        String route = "- {match: {path: /known}, direct_response: {status: 200}}\n";
        try (RunningProxy proxy = RunningProxy.start(1, Yaml.bootstrap(route))) {
            RawHttp1Client.get(proxy.port(), "/unknown");
            assertThat(proxy.nextRecord().requestId())
                    .as("made up")
                    .matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
            RawHttp1Client.get(proxy.port(), "/unknown", "x-request-id", "mine");
            assertThat(proxy.nextRecord().requestId()).as("given").isEqualTo("mine");
        }
    }

    @Test
    void an_unknown_cluster_is_refused_as_its_route_says_where_clusters_are_not_validated()
            throws Exception {
        String routes =
                "- {match: {path: /}, route: {cluster: later}}\n"
                        + "- {match: {path: /404}, route: {cluster: later,"
                        + " cluster_not_found_response_code: NOT_FOUND}}\n";
        String bootstrap =
                Yaml.bootstrap(routes)
                        .replaceFirst(
                                "( *)virtual_hosts:",
                                "$1validate_clusters: false\n$1virtual_hosts:");
        try (RunningProxy proxy = RunningProxy.start(1, bootstrap)) {
            assertThat(RawHttp1Client.get(proxy.port(), "/").status()).isEqualTo(503);
            assertThat(proxy.nextRecord().flags()).containsExactly(ResponseFlag.NO_CLUSTER);
            assertThat(RawHttp1Client.get(proxy.port(), "/404").status()).isEqualTo(404);
            assertThat(proxy.nextRecord().flags()).containsExactly(ResponseFlag.NO_CLUSTER);
        }
    }

    @Test
    void who_comes_without_tls_is_led_to_it_where_the_virtual_host_says_so() throws Exception {
        String bootstrap =
                Yaml.bootstrap("- {match: {path: /}, direct_response: {status: 200}}\n")
                        .replaceFirst("( *)domains:", "$1require_tls: ALL\n$1domains:");
        try (RunningProxy proxy = RunningProxy.start(1, bootstrap)) {
            H1Response there = RawHttp1Client.get(proxy.port(), "/x?q", "host", "shop.test");
            H1Response told = RawHttp1Client.get(proxy.port(), "/", "x-forwarded-proto", "https");

            assertThat(there.status()).isEqualTo(301);
            assertThat(there.headers().all("location")).containsExactly("https://shop.test/x?q");
            assertThat(told.status()).as("TLS ended before this proxy").isEqualTo(200);
        }
    }

    @Test
    void a_cluster_without_endpoints_is_503_with_flag_uh() throws Exception {
        expect(
                Yaml.bootstrap(Yaml.routeTo("app"), Yaml.cluster("app")),
                503,
                ResponseFlag.NO_HEALTHY_UPSTREAM);
    }

    @Test
    void what_a_route_adds_to_answers_stands_on_refusals_too() throws Exception {
        String route =
                "- {match: {prefix: /}, route: {cluster: app}, response_headers_to_add: [{header:"
                        + " {key: x-team, value: shop}}]}\n";
        try (RunningProxy proxy =
                RunningProxy.start(1, Yaml.bootstrap(route, Yaml.cluster("app")))) {
            H1Response answer = RawHttp1Client.get(proxy.port(), "/");

            assertThat(answer.status()).as("status").isEqualTo(503);
            assertThat(answer.headers().all("x-team")).as("added").containsExactly("shop");
        }
    }

    @Test
    void a_refused_connection_is_503_with_flag_uf() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        expect(
                Yaml.bootstrap(Yaml.routeTo("app"), Yaml.cluster("app", port)),
                503,
                ResponseFlag.UPSTREAM_CONNECTION_FAILURE);
    }

    @Test
    void a_connection_closed_before_the_head_is_503_with_flag_uc() throws Exception {
        expectOf(H1Answer.close(), 503, ResponseFlag.UPSTREAM_CONNECTION_TERMINATION);
    }

    @Test
    void an_answer_that_is_no_http_is_502_with_flag_upe() throws Exception {
        expectOf(
                H1Answer.raw("BANANA\r\n\r\n").thenClose(),
                502,
                ResponseFlag.UPSTREAM_PROTOCOL_ERROR);
    }

    @Test
    void no_answer_within_the_route_timeout_is_504_with_flag_ut() throws Exception {
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.silence())) {
            String route = "- {match: {prefix: /}, route: {cluster: app, timeout: 0.2s}}\n";
            expect(
                    Yaml.bootstrap(route, Yaml.cluster("app", upstream.port())),
                    504,
                    ResponseFlag.UPSTREAM_REQUEST_TIMEOUT);
        }
    }

    @Test
    void an_unknown_cluster_header_is_503_with_flag_nc() throws Exception {
        String route = "- {match: {prefix: /}, route: {cluster_header: x-to}}\n";
        expect(Yaml.bootstrap(route), 503, ResponseFlag.NO_CLUSTER);
    }

    @Test
    void a_refused_grpc_call_gets_its_status_in_the_head() throws Exception {
        try (RunningProxy proxy =
                        RunningProxy.start(
                                1, Yaml.bootstrap(Yaml.routeTo("app"), Yaml.cluster("app")));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            H1Response answer =
                    client.exchange(
                            "POST",
                            "/shop.Orders/Get",
                            Headers.of("content-type", "application/grpc", "te", "trailers"),
                            Body.EMPTY);

            assertThat(answer.status()).as("status").isEqualTo(200);
            assertThat(answer.headers().first("grpc-status")).as("grpc-status").hasValue("14");
        }
    }

    @Test
    void direct_responses_and_redirects_come_from_the_configuration() throws Exception {
        String routes =
                """
                - {match: {path: /hi}, direct_response: {status: 203, body: {inline_string: hello}}}
                - {match: {prefix: /old}, redirect: {prefix_rewrite: /new, response_code: FOUND}}
                """;
        try (RunningProxy proxy = RunningProxy.start(1, Yaml.bootstrap(routes))) {
            H1Response direct = RawHttp1Client.get(proxy.port(), "/hi");
            H1Response redirect = RawHttp1Client.get(proxy.port(), "/old/x?y=z");

            assertThat(direct.status()).as("direct status").isEqualTo(203);
            assertThat(direct.body().text()).as("direct body").isEqualTo("hello");
            assertThat(redirect.status()).as("redirect status").isEqualTo(302);
            assertThat(redirect.headers().first("location").orElseThrow())
                    .as("location")
                    .endsWith("/new/x?y=z");
        }
    }

    private static H1Response refused(String settings) throws Exception {
        String bootstrap =
                Yaml.withManager(
                        settings, Yaml.bootstrap(Yaml.routeTo("app"), Yaml.cluster("app", 1)));
        try (RunningProxy proxy =
                RunningProxy.start(
                        ProxySettings.defaults()
                                .withEventLoops(1)
                                .withIdentity(Identity.fresh("node 7", new SplittableRandom(1))),
                        bootstrap)) {
            return RawHttp1Client.get(proxy.port(), "/");
        }
    }

    @Test
    void proxy_status_says_what_the_listener_wants_it_to_say() throws Exception {
        H1Response plain = refused("server_name: shop");
        H1Response named = refused("proxy_status_config: {literal_proxy_name: edge-1}");
        H1Response bare = refused("proxy_status_config: {remove_details: true, use_node_id: true}");
        H1Response recommended =
                refused(
                        "proxy_status_config: {remove_response_flags: true, set_recommended_response_code: true}");

        assertThat(plain.status()).isEqualTo(503);
        assertThat(plain.headers().first("proxy-status"))
                .contains("sluice; error=connection_refused; details=\"connect_failed\"");
        assertThat(named.headers().first("proxy-status"))
                .contains("edge-1; error=connection_refused; details=\"connect_failed; UF\"");
        assertThat(bare.headers().first("proxy-status"))
                .contains("\"node 7\"; error=connection_refused");
        assertThat(recommended.status()).as("RFC 9209 section 2.3.6").isEqualTo(502);
        assertThat(recommended.headers().first("proxy-status"))
                .contains("sluice; error=connection_refused; details=\"connect_failed\"");
    }

    @Test
    void a_head_that_does_not_come_in_time_is_408() throws Exception {
        String bootstrap =
                Yaml.withManager(
                        "request_headers_timeout: 0.1s",
                        Yaml.bootstrap("- {match: {prefix: /}, direct_response: {status: 200}}\n"));
        try (RunningProxy proxy = RunningProxy.start(1, bootstrap);
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            client.send("GET / HTTP/1.1\r\nhost: a");

            assertThat(client.readResponse().status()).as("status").isEqualTo(408);
            assertThat(client.readToClose().size()).as("bytes up to the end").isZero();
            assertThat(proxy.refusals()).containsExactly(CodecRefusal.HEAD_TIMEOUT);
        }
    }

    @Test
    void proxy_status_stands_on_answers_of_codecs_too() throws Exception {
        String bootstrap =
                Yaml.withManager(
                        "proxy_status_config: {literal_proxy_name: edge-1}",
                        Yaml.bootstrap(Yaml.routeTo("app"), Yaml.cluster("app", 1)));
        String expected = "edge-1; error=http_request_error; details=\"unknown_expectation\"";
        try (RunningProxy proxy = RunningProxy.start(1, bootstrap);
                H2Client h2 = H2Client.connect(proxy.port())) {
            H1Response overHttp1 = RawHttp1Client.get(proxy.port(), "/", "expect", "miracles");
            H2Message overHttp2 = h2.get("/", "expect", "miracles");

            assertThat(overHttp1.status()).isEqualTo(417);
            assertThat(overHttp1.headers().first("proxy-status")).contains(expected);
            assertThat(overHttp2.head().first(":status")).contains("417");
            assertThat(overHttp2.head().first("proxy-status")).contains(expected);
        }
    }

    private static void expectOf(H1Answer answer, int status, ResponseFlag flag) throws Exception {
        try (H1Upstream upstream = H1Upstream.start(request -> answer)) {
            expect(
                    Yaml.bootstrap(Yaml.routeTo("app"), Yaml.cluster("app", upstream.port())),
                    status,
                    flag);
        }
    }

    private static void expect(String bootstrap, int status, ResponseFlag flag) throws Exception {
        try (RunningProxy proxy = RunningProxy.start(1, bootstrap)) {
            H1Response answer = RawHttp1Client.get(proxy.port(), "/somewhere");
            ExchangeRecord record = proxy.nextRecord();

            assertThat(answer.status()).as("status of %s", answer).isEqualTo(status);
            assertThat(record.flags()).as("response flags").containsExactly(flag);
            assertThat(answer.headers().has("proxy-status")).as("proxy-status").isTrue();
        }
    }
}
