package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H2Client;
import dev.sluice.testkit.http.H2Stream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import dev.sluice.testkit.tls.TestCertificates;
import dev.sluice.testkit.tls.TestCertificates.Issued;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clusters whose endpoints are spoken to in the client's protocol. The endpoint is another proxy,
 * which takes both and records what came.
 */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class FollowedProtocolIT {
    private static final String HTTP_1_0 = "http_protocol_options: {accept_http_10: true}";

    @TempDir private static Path folder;

    private static TestCertificates certificates;
    private static Issued server;

    @BeforeAll
    static void issue() {
        certificates = TestCertificates.in(folder);
        server = certificates.issue("server", "localhost");
    }

    private static RunningProxy endpoint(int loops) {
        return RunningProxy.start(loops, answering());
    }

    private static String answering() {
        return Yaml.bootstrap(
                "- {match: {prefix: /}, direct_response: {status: 200, body: {inline_string:"
                        + " yes}}}\n");
    }

    private static RunningProxy following(int loops, RunningProxy endpoint) {
        return RunningProxy.start(
                loops,
                Yaml.withManager(
                        HTTP_1_0,
                        Yaml.bootstrap(Yaml.routeTo("app"), cluster("app", endpoint.port()))));
    }

    private static String cluster(String name, int port) {
        return Yaml.http2Cluster(name, port)
                .replace(
                        "explicit_http_config: {",
                        "use_downstream_protocol_config: {http_protocol_options: {}, ");
    }

    private static String protocol(RunningProxy endpoint) {
        return endpoint.nextRecord().protocol();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void each_client_gets_its_own_protocol(int loops) throws Exception {
        try (RunningProxy endpoint = endpoint(loops);
                RunningProxy proxy = following(loops, endpoint);
                RawHttp1Client http1 = RawHttp1Client.connect(proxy.port());
                H2Client http2 = H2Client.connect(proxy.port())) {
            for (int round = 0; round < 3; round++) {
                assertThat(http1.exchange("GET", "/", Headers.NONE, Body.EMPTY).body().text())
                        .as("answer over HTTP/1.1")
                        .isEqualTo("yes");
                assertThat(protocol(endpoint)).as("of HTTP/1.1").isEqualTo("HTTP/1.1");
                assertThat(http2.get("/").body().text()).as("answer over HTTP/2").isEqualTo("yes");
                assertThat(protocol(endpoint)).as("of HTTP/2").isEqualTo("HTTP/2");
            }
        }
    }

    @Test
    void a_client_of_http_1_0_is_spoken_for_in_http_1_1() throws Exception {
        try (RunningProxy endpoint = endpoint(1);
                RunningProxy proxy = following(1, endpoint);
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            client.send("GET / HTTP/1.0\r\nhost: a\r\n\r\n");

            assertThat(client.readResponse().status()).as("status").isEqualTo(200);
            assertThat(protocol(endpoint)).as("protocol upstream").isEqualTo("HTTP/1.1");
        }
    }

    @Test
    void with_tls_the_protocol_of_the_client_alone_is_offered() throws Exception {
        String secure =
                TlsYaml.secured(
                        answering(), TlsYaml.showing(server, "alpn_protocols: [h2, http/1.1], "));
        try (RunningProxy endpoint = RunningProxy.start(1, secure);
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.bootstrap(
                                        Yaml.routeTo("app"),
                                        TlsYaml.secureCluster(
                                                cluster("app", endpoint.port()),
                                                "sni: localhost, common_tls_context: {"
                                                        + TlsYaml.trusting(certificates, "")
                                                        + "}")));
                H2Client http2 = H2Client.connect(proxy.port())) {
            assertThat(RawHttp1Client.get(proxy.port(), "/").body().text()).isEqualTo("yes");
            assertThat(protocol(endpoint)).as("of HTTP/1.1").isEqualTo("HTTP/1.1");
            assertThat(http2.get("/").body().text()).isEqualTo("yes");
            assertThat(protocol(endpoint)).as("of HTTP/2").isEqualTo("HTTP/2");
        }
    }

    @Test
    void copies_of_requests_follow_too() {
        String mirrored =
                "- {match: {prefix: /}, route: {cluster: app, request_mirror_policies: [{cluster:"
                        + " shadow}]}}\n";
        try (RunningProxy app = endpoint(1);
                RunningProxy shadow = endpoint(1);
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.bootstrap(
                                        mirrored,
                                        cluster("app", app.port()),
                                        cluster("shadow", shadow.port())));
                H2Client client = H2Client.connect(proxy.port())) {
            assertThat(client.get("/").status()).as("status").isEqualTo(200);
            assertThat(proxy.nextMirror()).as("copy").isEqualTo("shadow answered");
            assertThat(protocol(shadow)).as("of the copy").isEqualTo("HTTP/2");
        }
    }

    @Test
    void both_arms_of_a_gate_follow() {
        try (RunningProxy old = endpoint(1);
                RunningProxy young = endpoint(1);
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.bootstrap(
                                        Yaml.gatedRoute(500_000, "READ", ""),
                                        cluster("old", old.port()),
                                        cluster("new", young.port())));
                H2Client client = H2Client.connect(proxy.port())) {
            Set<String> clusters = new HashSet<>();
            for (int key = 0; key < 32; key++) {
                assertThat(client.get("/", "x-user", "u" + key).status())
                        .as("status")
                        .isEqualTo(200);
                ExchangeRecord record = proxy.nextRecord();
                String arm = record.upstream().orElseThrow().cluster();
                clusters.add(arm);
                assertThat(protocol(arm.equals("old") ? old : young))
                        .as("protocol of %s", arm)
                        .isEqualTo("HTTP/2");
            }
            assertThat(clusters).as("arms that answered").isEqualTo(Set.of("old", "new"));
        }
    }

    /** Over HTTP/2 a change of protocol is asked for by extended CONNECT, as clients ask here. */
    @Test
    void a_websocket_over_http2_stays_one_over_http2() {
        String taking =
                Yaml.withManager(
                        "upgrade_configs: [{upgrade_type: websocket}]",
                        Yaml.withManager(
                                "http2_protocol_options: {allow_connect: true}", answering()));
        String asking =
                Yaml.withManager(
                        "upgrade_configs: [{upgrade_type: websocket}]",
                        Yaml.withManager(
                                "http2_protocol_options: {allow_connect: true}",
                                Yaml.bootstrap(Yaml.routeTo("app"), "CLUSTER")));
        try (RunningProxy endpoint = RunningProxy.start(1, taking);
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                asking.replace(
                                        "    CLUSTER",
                                        cluster("app", endpoint.port())
                                                .replace(
                                                        "http2_protocol_options: {}",
                                                        "http2_protocol_options: {allow_connect:"
                                                                + " true}")
                                                .indent(4)));
                H2Client client = H2Client.connect(proxy.port())) {
            H2Stream stream = client.open();
            stream.send(
                    Headers.of(
                            ":method",
                            "CONNECT",
                            ":protocol",
                            "websocket",
                            ":scheme",
                            "http",
                            ":authority",
                            "a",
                            ":path",
                            "/",
                            "sec-websocket-version",
                            "13"));

            assertThat(stream.readHead().first(":status")).as("status").isPresent();
            assertThat(protocol(endpoint)).as("protocol upstream").isEqualTo("HTTP/2");
        }
    }
}
