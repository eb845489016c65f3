package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.LogFacts;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.proxy.tls.TlsProvider;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Request;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.H2Answer;
import dev.sluice.testkit.http.H2Upstream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import dev.sluice.testkit.tcp.TcpConnection;
import dev.sluice.testkit.tls.TestCertificates;
import dev.sluice.testkit.tls.TestCertificates.Issued;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient.Version;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** TLS with clients and endpoints, with both libraries. */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class TlsIT {
    private static final String ALPN = "alpn_protocols: [h2, http/1.1], ";

    @TempDir private Path folder;
    private TestCertificates certificates;
    private Issued server;
    private Issued client;

    @BeforeEach
    void issue() {
        certificates = TestCertificates.in(folder);
        server = certificates.issue("server", "localhost", "127.0.0.1", "spiffe://mesh/server");
        client = certificates.issue("client", "spiffe://mesh/orders", "orders.local");
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void clients_get_the_protocol_that_alpn_agrees_on(TlsProvider tls) throws Exception {
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("hello"));
                RunningProxy proxy =
                        start(tls, secured(routes(), ALPN, Yaml.cluster("app", upstream.port())));
                TlsClient http = TlsClient.of(certificates, Optional.empty())) {
            HttpResponse<String> second = http.get(Version.HTTP_2, proxy.port());
            HttpResponse<String> first = http.get(Version.HTTP_1_1, proxy.port());

            assertThat(second.version()).as("agreed on first").isEqualTo(Version.HTTP_2);
            assertThat(second.body()).as("body over HTTP/2").isEqualTo("hello");
            assertThat(first.version()).as("asked for the older").isEqualTo(Version.HTTP_1_1);
            assertThat(first.body()).as("body over HTTP/1.1").isEqualTo("hello");
            assertThat(upstream.next().headers().first("x-forwarded-proto"))
                    .as("what the upstream hears")
                    .hasValue("https");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void large_bodies_pass_both_ways(TlsProvider tls) throws Exception {
        byte[] body = new byte[3_000_000];
        new SplittableRandom(7).nextBytes(body);
        try (H1Upstream upstream =
                        H1Upstream.start(
                                request -> H1Answer.of(200, Headers.NONE, request.body()));
                RunningProxy inner =
                        start(tls, secured(routes(), ALPN, Yaml.cluster("app", upstream.port())));
                RunningProxy outer =
                        start(
                                tls,
                                secured(
                                        routes(),
                                        ALPN,
                                        TlsYaml.secureCluster(
                                                Yaml.cluster("app", inner.port()), trusted(""))));
                TlsClient http = TlsClient.of(certificates, Optional.empty())) {
            for (Version version : List.of(Version.HTTP_1_1, Version.HTTP_2)) {
                HttpResponse<byte[]> answer = http.post(version, outer.port(), body);

                assertThat(answer.version()).as("version").isEqualTo(version);
                assertThat(Arrays.equals(answer.body(), body)).as("same %s", version).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void endpoints_are_spoken_to_in_the_configured_or_agreed_protocol(TlsProvider tls)
            throws Exception {
        try (H2Upstream upstream = H2Upstream.start(request -> H2Answer.ok("hello"));
                RunningProxy both =
                        start(
                                tls,
                                secured(
                                        routes(),
                                        ALPN,
                                        Yaml.http2Cluster("app", upstream.port())));
                RunningProxy old =
                        start(
                                tls,
                                secured(
                                        routes(),
                                        "alpn_protocols: [http/1.1], ",
                                        Yaml.http2Cluster("app", upstream.port())))) {
            String one = Yaml.cluster("app", both.port());
            String two = Yaml.http2Cluster("app", both.port());
            String auto = two.replace("explicit_http_config", "auto_config");
            String autoOld = auto.replace("" + both.port(), "" + old.port());

            assertThat(through(tls, one, both)).as("HTTP/1.1").isEqualTo("HTTP/1.1");
            assertThat(through(tls, two, both)).as("HTTP/2").isEqualTo("HTTP/2");
            assertThat(through(tls, auto, both)).as("ALPN, both").isEqualTo("HTTP/2");
            assertThat(through(tls, autoOld, old)).as("ALPN, old").isEqualTo("HTTP/1.1");
        }
    }

    /** Protocol in which {@code inner} got a request through an outer proxy with this cluster. */
    private String through(TlsProvider tls, String cluster, RunningProxy inner) throws IOException {
        try (RunningProxy outer =
                start(tls, Yaml.bootstrap(routes(), TlsYaml.secureCluster(cluster, trusted(""))))) {
            for (int i = 0; i < 3; i++) {
                H1Response answer = RawHttp1Client.get(outer.port(), "/");
                assertThat(answer.body().text()).as("body of %s", answer).isEqualTo("hello");
            }
            inner.nextRecord();
            inner.nextRecord();
            return inner.nextRecord().protocol();
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void a_client_must_show_a_good_certificate_where_one_is_required(TlsProvider tls)
            throws Exception {
        TestCertificates strangers =
                TestCertificates.in(Files.createDirectory(folder.resolve("strangers")));
        Issued stranger = strangers.issue("stranger", "spiffe://mesh/orders");
        Issued expired = certificates.issueExpired("expired", "spiffe://mesh/orders");
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("hello"));
                RunningProxy proxy =
                        start(
                                tls,
                                mutual(
                                        TlsYaml.wanting("URI", "prefix: \"spiffe://mesh/\""),
                                        Yaml.cluster("app", upstream.port())));
                TlsClient good = TlsClient.of(certificates, Optional.of(client));
                TlsClient none = TlsClient.of(certificates, Optional.empty());
                TlsClient strange = TlsClient.of(certificates, Optional.of(stranger));
                TlsClient late = TlsClient.of(certificates, Optional.of(expired))) {
            assertThat(good.get(Version.HTTP_2, proxy.port()).statusCode())
                    .as("with a good certificate")
                    .isEqualTo(200);
            for (TlsClient bad : new TlsClient[] {none, strange, late}) {
                assertThatThrownBy(() -> bad.get(Version.HTTP_1_1, proxy.port()))
                        .as("without a good certificate")
                        .isInstanceOf(IOException.class);
                assertThat(proxy.nextFailedHandshake()).as("is counted").isNotEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void access_logs_get_to_know_the_clients_certificate(TlsProvider tls) throws Exception {
        String logged =
                "access_log: [{name: a, typed_config: {\"@type\": type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog}}]";
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("hello"));
                RunningProxy proxy =
                        start(
                                tls,
                                Yaml.withManager(
                                        logged, mutual("", Yaml.cluster("app", upstream.port()))));
                TlsClient http = TlsClient.of(certificates, Optional.of(client))) {
            http.get(Version.HTTP_2, proxy.port());
            LogFacts.Client known = proxy.nextRecord().log().client().orElseThrow();

            assertThat(known.uris()).as("URIs").containsExactly("spiffe://mesh/orders");
            assertThat(known.dnsNames()).as("names").containsExactly("orders.local");
            assertThat(known.subject()).as("subject").contains("client");
            assertThat(known.hash()).as("SHA-256").matches("[0-9a-f]{64}");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void the_clients_identity_is_a_gates_key(TlsProvider tls) throws Exception {
        String gated =
                Yaml.gatedRoute(999_999, "READ", "")
                        .replace("key: {header: x-user}", "key: {client_identity: {}}");
        try (H1Upstream old = H1Upstream.start(request -> H1Answer.ok("old"));
                H1Upstream fresh = H1Upstream.start(request -> H1Answer.ok("new"));
                RunningProxy proxy =
                        start(
                                tls,
                                secured(
                                        gated,
                                        TlsYaml.trusting(certificates, ""),
                                        Yaml.cluster("old", old.port()),
                                        Yaml.cluster("new", fresh.port())));
                TlsClient known = TlsClient.of(certificates, Optional.of(client));
                TlsClient unknown = TlsClient.of(certificates, Optional.empty())) {
            assertThat(known.get(Version.HTTP_2, proxy.port()).body())
                    .as("the arm of a client with an identity")
                    .isEqualTo("new");
            assertThat(unknown.get(Version.HTTP_2, proxy.port()).body())
                    .as("the arm of a client without: the key is missing")
                    .isEqualTo("old");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void what_clients_say_about_certificates_is_taken_off(TlsProvider tls) throws Exception {
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("hello"));
                RunningProxy proxy =
                        start(tls, secured(routes(), "", Yaml.cluster("app", upstream.port())));
                TlsClient http = TlsClient.of(certificates, Optional.empty())) {
            http.get(
                    Version.HTTP_1_1,
                    proxy.port(),
                    "x-forwarded-client-cert",
                    "URI=spiffe://mesh/admin");

            H1Request got = upstream.next();
            assertThat(got.headers().has("x-forwarded-client-cert")).as("forged").isFalse();
        }
    }

    static Stream<Arguments> namesAndVerdicts() {
        return Stream.of(
                Arguments.of("DNS", "exact: localhost", true),
                Arguments.of("DNS", "exact: other", false),
                Arguments.of("URI", "exact: \"spiffe://mesh/server\"", true),
                Arguments.of("URI", "prefix: \"spiffe://other/\"", false),
                Arguments.of("URI", "suffix: /server", true),
                Arguments.of("IP_ADDRESS", "exact: 127.0.0.1", true),
                Arguments.of("IP_ADDRESS", "exact: 127.0.0.2", false),
                Arguments.of("URI", "safe_regex: {regex: \"spiffe://[a-z]+/server\"}", true));
    }

    @ParameterizedTest
    @MethodSource("namesAndVerdicts")
    void an_endpoint_has_a_wanted_name_or_is_not_spoken_to(
            String kind, String matcher, boolean good) throws Exception {
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("hello"));
                RunningProxy inner =
                        start(
                                TlsProvider.BORINGSSL,
                                secured(routes(), "", Yaml.cluster("app", upstream.port())));
                RunningProxy outer =
                        start(
                                TlsProvider.BORINGSSL,
                                Yaml.bootstrap(
                                        routes(),
                                        TlsYaml.secureCluster(
                                                Yaml.cluster("app", inner.port()),
                                                trusted(TlsYaml.wanting(kind, matcher)))))) {
            H1Response answer = RawHttp1Client.get(outer.port(), "/");
            ExchangeRecord record = outer.nextRecord();

            assertThat(answer.status()).as("status").isEqualTo(good ? 200 : 503);
            if (!good) {
                assertThat(record.flags())
                        .as("flags")
                        .contains(ResponseFlag.UPSTREAM_CONNECTION_FAILURE);
                assertThat(record.details()).as("details").contains("none of the wanted names");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void an_endpoint_of_a_strange_authority_is_not_spoken_to(TlsProvider tls) throws Exception {
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("hello"));
                RunningProxy inner =
                        start(tls, secured(routes(), "", Yaml.cluster("app", upstream.port())))) {
            certificates = TestCertificates.in(folder);
            try (RunningProxy outer =
                    start(
                            tls,
                            Yaml.bootstrap(
                                    routes(),
                                    TlsYaml.secureCluster(
                                            Yaml.cluster("app", inner.port()), trusted(""))))) {
                assertThat(RawHttp1Client.get(outer.port(), "/").status())
                        .as("status")
                        .isEqualTo(503);
                assertThat(outer.nextRecord().details()).as("details").contains("TLS:");
                assertThat(inner.nextFailedHandshake()).as("the endpoint hears it").isNotEmpty();
            }
        }
    }

    @Test
    void the_name_asked_for_must_be_the_endpoints_where_the_configuration_says_so()
            throws Exception {
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("hello"));
                RunningProxy inner =
                        start(
                                TlsProvider.BORINGSSL,
                                secured(routes(), "", Yaml.cluster("app", upstream.port())))) {
            String named =
                    Yaml.cluster("app", inner.port())
                            .replace("type: STATIC", "type: STRICT_DNS")
                            .replace("127.0.0.1", "localhost");
            assertThat(statusThrough(named, "auto_host_sni: true, "))
                    .as("the endpoint's own name")
                    .isEqualTo(200);
            assertThat(statusThrough(named, "sni: elsewhere.test, "))
                    .as("a name that the certificate does not have")
                    .isEqualTo(503);
        }
    }

    private int statusThrough(String cluster, String name) throws IOException {
        try (RunningProxy outer =
                start(
                        TlsProvider.BORINGSSL,
                        Yaml.bootstrap(
                                routes(),
                                TlsYaml.secureCluster(
                                        cluster,
                                        name + "auto_sni_san_validation: true, " + trusted(""))))) {
            return RawHttp1Client.get(outer.port(), "/").status();
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void versions_outside_the_range_are_refused(TlsProvider tls) throws Exception {
        String newest = "tls_params: {tls_minimum_protocol_version: TLSv1_3}, ";
        String older =
                "tls_params: {tls_maximum_protocol_version: TLSv1_2, cipher_suites:"
                        + " [ECDHE-ECDSA-AES256-GCM-SHA384]}, ";
        try (RunningProxy proxy = start(tls, secured(direct(), newest));
                RunningProxy second = start(tls, secured(direct(), older));
                TlsClient http = TlsClient.of(certificates, Optional.empty());
                SSLSocket modern = http.connect(proxy.port(), "localhost", "TLSv1.3");
                SSLSocket narrow = http.connect(second.port(), "localhost")) {
            assertThat(modern.getSession().getProtocol()).as("version").isEqualTo("TLSv1.3");
            assertThat(narrow.getSession().getCipherSuite())
                    .as("cipher suite")
                    .isEqualTo("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
            assertThatThrownBy(() -> http.connect(proxy.port(), "localhost", "TLSv1.2"))
                    .as("an older client")
                    .isInstanceOf(SSLException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void who_speaks_no_tls_or_nothing_is_cut_off(TlsProvider tls) throws Exception {
        String patient = secured(direct(), "");
        String hasty =
                patient.replace(
                        "transport_socket_connect_timeout: 5s",
                        "transport_socket_connect_timeout: 0.05s");
        try (RunningProxy proxy = start(tls, hasty);
                TcpConnection plain = TcpConnection.connect(address(proxy));
                TcpConnection silent = TcpConnection.connect(address(proxy))) {
            plain.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");

            plain.readToEnd();
            assertThat(proxy.nextFailedHandshake()).as("plain text is counted").isNotEmpty();
            silent.readToEnd();
            assertThat(proxy.nextFailedHandshake()).as("silence").contains("timed out");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void a_session_is_resumed(TlsProvider tls) throws Exception {
        String older = "tls_params: {tls_maximum_protocol_version: TLSv1_2}, ";
        try (RunningProxy proxy = start(tls, secured(direct(), older));
                TlsClient http = TlsClient.of(certificates, Optional.empty())) {
            byte[] first = sessionAfterRequest(http, proxy.port());
            byte[] second = sessionAfterRequest(http, proxy.port());

            assertThat(second).as("session of the second connection").isEqualTo(first);
        }
    }

    private static byte[] sessionAfterRequest(TlsClient http, int port) throws IOException {
        try (SSLSocket socket = http.connect(port, "localhost")) {
            socket.getOutputStream()
                    .write(
                            "GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().readAllBytes();
            return socket.getSession().getId();
        }
    }

    @Test
    void a_body_that_ends_with_the_connection_arrives_whole() throws Exception {
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.untilClose("to the end"));
                RunningProxy proxy =
                        start(
                                TlsProvider.BORINGSSL,
                                secured(routes(), "", Yaml.cluster("app", upstream.port())));
                TlsClient http = TlsClient.of(certificates, Optional.empty())) {
            assertThat(http.get(Version.HTTP_1_1, proxy.port()).body())
                    .as("body")
                    .isEqualTo("to the end");
        }
    }

    private static InetSocketAddress address(RunningProxy proxy) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port());
    }

    private static RunningProxy start(TlsProvider tls, String bootstrap) {
        return RunningProxy.start(
                ProxySettings.defaults()
                        .withEventLoops(Integer.getInteger(RunningProxy.LOOPS, 1))
                        .withTls(tls),
                bootstrap);
    }

    private String secured(String routes, String common, String... clusters) {
        return TlsYaml.secured(Yaml.bootstrap(routes, clusters), TlsYaml.showing(server, common));
    }

    private String mutual(String names, String... clusters) {
        return TlsYaml.secured(
                Yaml.bootstrap(routes(), clusters),
                "require_client_certificate: true, "
                        + TlsYaml.showing(server, ALPN + TlsYaml.trusting(certificates, names)));
    }

    private String trusted(String names) {
        return "common_tls_context: {" + TlsYaml.trusting(certificates, names) + "}";
    }

    private static String routes() {
        return Yaml.routeTo("app");
    }

    private static String direct() {
        return "- {match: {prefix: /}, direct_response: {status: 200}}\n";
    }
}
