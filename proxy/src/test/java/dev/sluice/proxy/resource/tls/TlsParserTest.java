package dev.sluice.proxy.resource.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.Resource;
import dev.sluice.proxy.resource.YamlResources;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec.Protocol;
import dev.sluice.proxy.snapshot.tls.TlsSpec;
import dev.sluice.proxy.snapshot.tls.TlsVersion;
import dev.sluice.proxy.snapshot.tls.UpstreamTlsSpec;
import dev.sluice.testkit.tls.TestCertificates;
import dev.sluice.testkit.tls.TestCertificates.Issued;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TLS contexts of clusters and listeners, as text. */
class TlsParserTest {
    @TempDir private Path folder;
    private TestCertificates certificates;
    private Issued own;

    @BeforeEach
    void issue() {
        certificates = TestCertificates.in(folder);
        own = certificates.issue("own", "localhost");
    }

    @Test
    void every_setting_of_an_upstream_context_arrives() {
        UpstreamTlsSpec tls =
                upstream(
                        """
                        sni: a.test, auto_sni_san_validation: true, common_tls_context: {
                          tls_params: {tls_minimum_protocol_version: TLSv1_2, tls_maximum_protocol_version: TLSv1_2,
                                       cipher_suites: ["[ECDHE-ECDSA-AES128-GCM-SHA256|ECDHE-ECDSA-CHACHA20-POLY1305]"]},
                          alpn_protocols: [h2],
                          validation_context: {trusted_ca: {filename: CA}}}
                        """);

        assertThat(tls.name())
                .as("server name")
                .isEqualTo(new UpstreamTlsSpec.ServerName.Fixed("a.test"));
        assertThat(tls.san()).as("check").isEqualTo(UpstreamTlsSpec.NameCheck.ASKED_NAME);
        assertThat(tls.common().parameters())
                .as("parameters")
                .isEqualTo(
                        new TlsSpec.Parameters(
                                TlsVersion.TLS_1_2,
                                TlsVersion.TLS_1_2,
                                List.of(
                                        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                                        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256")));
        assertThat(tls.common().alpn()).as("ALPN").containsExactly("h2");
        assertThat(tls.common().validation().own().trustedCa())
                .as("authorities")
                .startsWith("-----BEGIN CERTIFICATE");
    }

    @Test
    void endpoints_are_offered_what_is_spoken_where_the_context_says_nothing() {
        ClusterSpec http1 = spec("", "common_tls_context: {}");
        ClusterSpec http2 = spec("http2_protocol_options: {}, ", "common_tls_context: {}");
        ClusterSpec said = spec("", "common_tls_context: {alpn_protocols: [own]}");

        assertThat(offered(http1)).as("HTTP/1.1").containsExactly("http/1.1");
        assertThat(offered(http2)).as("HTTP/2").containsExactly("h2");
        assertThat(offered(http1.speaking(Protocol.HTTP2)))
                .as("a check over HTTP/2")
                .containsExactly("h2");
        assertThat(offered(http2.speaking(Protocol.TCP))).as("a tunnel").containsExactly("h2");
        assertThat(offered(said.speaking(Protocol.HTTP2))).as("said").containsExactly("own");
    }

    private static List<String> offered(ClusterSpec cluster) {
        return cluster.tls().orElseThrow().common().alpn();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "common_tls_context: {tls_params: {tls_minimum_protocol_version: TLSv1_0}} | tls_minimum_protocol_version",
                "common_tls_context: {tls_params: {tls_minimum_protocol_version: TLSv1_3, tls_maximum_protocol_version: TLSv1_2}} | tls_params",
                "common_tls_context: {tls_params: {cipher_suites: [RC4-MD5]}} | cipher_suites[0]",
                "common_tls_context: {tls_params: {ecdh_curves: [X25519]}} | ecdh_curves",
                "common_tls_context: {alpn_protocols: ['']} | alpn_protocols[0]",
                "common_tls_context: {validation_context: {trusted_ca: {inline_string: nothing}}} | trusted_ca",
                "common_tls_context: {validation_context: {trusted_ca: {filename: /none}}} | trusted_ca.filename",
                "common_tls_context: {validation_context: {match_typed_subject_alt_names: [{san_type: DNS, matcher: {exact: a}}]}} | match_typed_subject_alt_names",
                "common_tls_context: {validation_context: {trusted_ca: {filename: CA}, match_typed_subject_alt_names: [{matcher: {exact: a}}]}} | san_type",
                "common_tls_context: {validation_context: {verify_certificate_hash: [abc]}} | verify_certificate_hash[0]",
                "common_tls_context: {validation_context: {trusted_ca: {filename: CA}, crl: {filename: CA}}} | crl",
                "common_tls_context: {validation_context: {trust_chain_verification: ACCEPT_UNTRUSTED}} | trust_chain_verification",
                "common_tls_context: {tls_certificates: [{certificate_chain: {filename: CHAIN}}]} | private_key",
                "common_tls_context: {tls_certificates: [{certificate_chain: {filename: CHAIN}, private_key: {filename: CHAIN}}]} | private_key",
                "common_tls_context: {tls_certificates: [{certificate_chain: {filename: CA}, private_key: {filename: KEY}}]} | private_key",
                "common_tls_context: {tls_certificate_sds_secret_configs: [{sds_config: {ads: {}}}]} | name",
                "common_tls_context: {tls_certificate_sds_secret_configs: [{name: a, sds_config: {path: /a}}]} | sds_config",
                "auto_sni_san_validation: true | auto_sni_san_validation",
                "allow_renegotiation: true | allow_renegotiation",
            })
    void refuses_a_context_at_the_path_of_its_problem(String context, String path) {
        Parsed<Resource<ClusterSpec>> parsed = cluster("", context);

        assertThat(parsed.problems())
                .as("problems of %s", context)
                .anySatisfy(problem -> assertThat(problem.path()).contains(path));
    }

    @Test
    void a_key_is_shown_by_no_problem_and_no_text() throws IOException {
        String key = Files.readString(own.keyFile());
        String secret = key.lines().skip(1).findFirst().orElseThrow();
        Parsed<Resource<ClusterSpec>> wrong =
                cluster(
                        "",
                        "common_tls_context: {tls_certificates: [{certificate_chain: {filename: CA},"
                                + " private_key: {filename: KEY}}]}");
        UpstreamTlsSpec right =
                upstream(
                        "common_tls_context: {tls_certificates: [{certificate_chain: {filename: CHAIN},"
                                + " private_key: {filename: KEY}}]}");

        assertThat(wrong.problems().stream().map(Problem::message).toList())
                .as("problems")
                .isNotEmpty()
                .noneMatch(message -> message.contains(secret));
        assertThat(right.toString()).as("text").contains("[redacted]").doesNotContain(secret);
    }

    private UpstreamTlsSpec upstream(String context) {
        return spec("", context).transport().tls().orElseThrow();
    }

    private ClusterSpec spec(String more, String context) {
        return cluster(more, context).orThrow().spec();
    }

    private Parsed<Resource<ClusterSpec>> cluster(String more, String context) {
        String tls =
                context.replace("CA}", "\"" + certificates.authorityFile() + "\"}")
                        .replace("CHAIN}", "\"" + own.chainFile() + "\"}")
                        .replace("KEY}", "\"" + own.keyFile() + "\"}");
        return YamlResources.clusterOf(
                "{name: c, "
                        + more
                        + "transport_socket: {name: tls, typed_config: {\"@type\":"
                        + " type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext, "
                        + tls
                        + "}}}");
    }
}
