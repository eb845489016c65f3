package dev.sluice.proxy.boot;

import dev.sluice.testkit.tls.TestCertificates;
import dev.sluice.testkit.tls.TestCertificates.Issued;

/** TLS contexts in bootstraps, for tests. */
final class TlsYaml {
    private static final String TLS =
            "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.";

    private TlsYaml() {}

    /** The bootstrap, its first listener with TLS. */
    static String secured(String bootstrap, String downstreamContext) {
        return bootstrap.replaceFirst(
                "- filters:",
                "- transport_socket_connect_timeout: 5s\n"
                        + "          "
                        + socket("DownstreamTlsContext", downstreamContext)
                        + "\n          filters:");
    }

    /** The transport socket of a filter chain. */
    static String downstream(String context) {
        return socket("DownstreamTlsContext", context);
    }

    /** A cluster with TLS. */
    static String secureCluster(String cluster, String upstreamContext) {
        return cluster + "  " + socket("UpstreamTlsContext", upstreamContext) + "\n";
    }

    private static String socket(String type, String context) {
        return "transport_socket: {name: tls, typed_config: {\"@type\": "
                + TLS
                + type
                + ", "
                + context
                + "}}";
    }

    /** A context that shows a certificate and says more within its common part. */
    static String showing(Issued issued, String more) {
        return """
        common_tls_context: {%stls_certificates: [{certificate_chain: {filename: "%s"}, private_key: {filename: "%s"}}]}\
        """
                .formatted(more, issued.chainFile(), issued.keyFile());
    }

    /** A part of a common context: the authority of these certificates, and more. */
    static String trusting(TestCertificates certificates, String more) {
        return "validation_context: {%strusted_ca: {filename: \"%s\"}}, "
                .formatted(more, certificates.authorityFile());
    }

    /** A part of a validation: one wanted name. */
    static String wanting(String kind, String matcher) {
        return "match_typed_subject_alt_names: [{san_type: %s, matcher: {%s}}], "
                .formatted(kind, matcher);
    }
}
