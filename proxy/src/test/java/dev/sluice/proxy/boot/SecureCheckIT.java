package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.http.H2Answer;
import dev.sluice.testkit.http.H2Message;
import dev.sluice.testkit.http.H2Upstream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import dev.sluice.testkit.tls.TestCertificates;
import dev.sluice.testkit.tls.TestCertificates.Issued;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Endpoints with TLS are asked whether they are well as requests are sent to them: with the name
 * that they are chosen by, and only if they have the wanted one.
 */
@ExtendWith(LeakCheck.class)
class SecureCheckIT {
    private static final String HTTP = "http_health_check: {path: /healthz}";
    private static final String HTTP2 =
            "http_health_check: {path: /healthz, codec_client_type: HTTP2}";
    private static final String GRPC = "grpc_health_check: {}";

    @TempDir private Path folder;
    private TestCertificates certificates;
    private Issued server;

    @BeforeEach
    void issue() {
        certificates = TestCertificates.in(folder);
        server = certificates.issue("server", "shop.test");
    }

    private static Stream<Arguments> questions() {
        return Stream.of(
                Arguments.of(HTTP, false, "/healthz"),
                Arguments.of(HTTP2, true, "/healthz"),
                Arguments.of(GRPC, true, "/grpc.health.v1.Health/Check"));
    }

    /** An endpoint with TLS that only who names it gets to. */
    private RunningProxy endpoint(int upstream) {
        String named =
                TlsYaml.secured(
                                Yaml.bootstrap(
                                        Yaml.routeTo("app"), Yaml.http2Cluster("app", upstream)),
                                TlsYaml.showing(server, "alpn_protocols: [h2, http/1.1], "))
                        .replaceFirst(
                                "- transport_socket_connect_timeout",
                                "- filter_chain_match: {server_names: [shop.test]}\n"
                                        + "          transport_socket_connect_timeout");
        return RunningProxy.start(1, named);
    }

    private RunningProxy asking(String question, boolean http2, int port, String sni, String name) {
        String cluster = http2 ? Yaml.http2Cluster("app", port) : Yaml.cluster("app", port);
        String wanted = TlsYaml.wanting("DNS", "exact: " + name);
        String context =
                "sni: %s, common_tls_context: {%s}"
                        .formatted(sni, TlsYaml.trusting(certificates, wanted));
        return RunningProxy.start(
                1,
                Yaml.bootstrap(
                        Yaml.routeTo("app"),
                        checked(TlsYaml.secureCluster(cluster, context), question)));
    }

    private static String checked(String cluster, String question) {
        return cluster
                + """
                  common_lb_config: {healthy_panic_threshold: {value: 0}}
                  health_checks: [{timeout: 20s, interval: 60s, no_traffic_interval: 60s, healthy_threshold: 1, unhealthy_threshold: 1, %s}]
                """
                        .formatted(question);
    }

    private static H2Answer answer(H2Message request) {
        if (request.path().equals("/healthz")) {
            return unheard(H2Answer.ok("yes"));
        }
        if (request.path().startsWith("/grpc")) {
            return stream -> {
                stream.send(Headers.of(":status", "200", "content-type", "application/grpc"));
                stream.sendData(new byte[] {0, 0, 0, 0, 2, 8, 1});
                stream.sendLast(Headers.of("grpc-status", "0"));
            };
        }
        return H2Answer.ok("yes");
    }

    /** A check is content with the head, and may be gone before the body. */
    private static H2Answer unheard(H2Answer answer) {
        return stream -> {
            try {
                answer.play(stream);
            } catch (AssertionError gone) {
                assertThat(gone).as("what failed").hasMessageContaining("which failed");
            }
        };
    }

    @ParameterizedTest
    @MethodSource("questions")
    void an_endpoint_is_asked_by_its_name(String question, boolean http2, String path)
            throws Exception {
        try (H2Upstream upstream = H2Upstream.start(SecureCheckIT::answer);
                RunningProxy endpoint = endpoint(upstream.port());
                RunningProxy proxy =
                        asking(question, http2, endpoint.port(), "shop.test", "shop.test")) {
            assertThat(RawHttp1Client.get(proxy.port(), "/").status()).as("status").isEqualTo(200);
            assertThat(upstream.next().path()).as("path of the check").isEqualTo(path);
            assertThat(endpoint.nextRecord().protocol())
                    .as("protocol of the check")
                    .isEqualTo(http2 ? "HTTP/2" : "HTTP/1.1");
        }
    }

    @ParameterizedTest
    @MethodSource("questions")
    void an_endpoint_with_another_name_is_not_well(String question, boolean http2, String path)
            throws Exception {
        try (H2Upstream upstream = H2Upstream.start(SecureCheckIT::answer);
                RunningProxy endpoint = endpoint(upstream.port());
                RunningProxy proxy =
                        asking(question, http2, endpoint.port(), "shop.test", "other.test")) {
            assertThat(RawHttp1Client.get(proxy.port(), "/").status()).as("status").isEqualTo(503);
            assertThat(proxy.nextRecord().flags())
                    .as("flags")
                    .isEqualTo(Set.of(ResponseFlag.NO_HEALTHY_UPSTREAM));
            assertThat(upstream.received()).as("requests for " + path).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("questions")
    void an_endpoint_that_does_not_go_by_the_name_is_not_well(
            String question, boolean http2, String path) throws Exception {
        try (H2Upstream upstream = H2Upstream.start(SecureCheckIT::answer);
                RunningProxy endpoint = endpoint(upstream.port());
                RunningProxy proxy =
                        asking(question, http2, endpoint.port(), "other.test", "shop.test")) {
            assertThat(RawHttp1Client.get(proxy.port(), "/").status()).as("status").isEqualTo(503);
            assertThat(proxy.nextRecord().flags())
                    .as("flags")
                    .isEqualTo(Set.of(ResponseFlag.NO_HEALTHY_UPSTREAM));
            assertThat(upstream.received()).as("requests for " + path).isEmpty();
        }
    }

    /** By ALPN a check offers what it speaks itself. */
    @ParameterizedTest
    @MethodSource("mixtures")
    void a_check_speaks_its_own_protocol_whatever_its_cluster_speaks(
            String question, String cluster, String protocol) throws Exception {
        String context =
                "sni: shop.test, common_tls_context: {%s}"
                        .formatted(TlsYaml.trusting(certificates, ""));
        try (H2Upstream upstream = H2Upstream.start(SecureCheckIT::answer);
                RunningProxy endpoint = endpoint(upstream.port());
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.bootstrap(
                                        Yaml.routeTo("app"),
                                        checked(
                                                TlsYaml.secureCluster(
                                                        Yaml.http2Cluster("app", endpoint.port())
                                                                .replace(
                                                                        "explicit_http_config: {http2_protocol_options: {}}",
                                                                        cluster),
                                                        context),
                                                question)))) {
            assertThat(RawHttp1Client.get(proxy.port(), "/").status()).as("status").isEqualTo(200);
            assertThat(endpoint.nextRecord().protocol())
                    .as("protocol of the check")
                    .isEqualTo(protocol);
        }
    }

    private static Stream<Arguments> mixtures() {
        String http1 = "explicit_http_config: {http_protocol_options: {}}";
        String agreed = "auto_config: {}";
        String clients = "use_downstream_protocol_config: {}";
        return Stream.of(
                Arguments.of(GRPC, http1, "HTTP/2"),
                Arguments.of(GRPC, clients, "HTTP/2"),
                Arguments.of(HTTP, agreed, "HTTP/1.1"),
                Arguments.of(HTTP, clients, "HTTP/1.1"),
                Arguments.of(HTTP2, clients, "HTTP/2"));
    }
}
