package dev.sluice.proxy.resource.tls;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.read.Spot;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads cipher suites of TLS 1.2 by OpenSSL's names, as Envoy has them: {@code [A|B]} stands for
 * both in this order. Those that Envoy's library does not have either are refused. Stateless.
 */
final class CipherNames {
    /** What BoringSSL offers for TLS 1.2 with certificates, but for 3DES; with IANA's names. */
    private static final Map<String, String> KNOWN =
            Map.ofEntries(
                    Map.entry(
                            "ECDHE-ECDSA-AES128-GCM-SHA256",
                            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
                    Map.entry(
                            "ECDHE-RSA-AES128-GCM-SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
                    Map.entry(
                            "ECDHE-ECDSA-AES256-GCM-SHA384",
                            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"),
                    Map.entry(
                            "ECDHE-RSA-AES256-GCM-SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
                    Map.entry(
                            "ECDHE-ECDSA-CHACHA20-POLY1305",
                            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"),
                    Map.entry(
                            "ECDHE-RSA-CHACHA20-POLY1305",
                            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"),
                    Map.entry("ECDHE-ECDSA-AES128-SHA", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"),
                    Map.entry("ECDHE-RSA-AES128-SHA", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"),
                    Map.entry("ECDHE-ECDSA-AES256-SHA", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"),
                    Map.entry("ECDHE-RSA-AES256-SHA", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"),
                    Map.entry("AES128-GCM-SHA256", "TLS_RSA_WITH_AES_128_GCM_SHA256"),
                    Map.entry("AES256-GCM-SHA384", "TLS_RSA_WITH_AES_256_GCM_SHA384"),
                    Map.entry("AES128-SHA", "TLS_RSA_WITH_AES_128_CBC_SHA"),
                    Map.entry("AES256-SHA", "TLS_RSA_WITH_AES_256_CBC_SHA"));

    private CipherNames() {}

    static List<String> parse(TlsParameters proto, Spot at) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < proto.getCipherSuitesCount(); i++) {
            String text = proto.getCipherSuites(i);
            boolean group = text.startsWith("[") && text.endsWith("]");
            String inner = group ? text.substring(1, text.length() - 1) : text;
            for (String name : inner.split("\\|", -1)) {
                String known = KNOWN.get(name);
                if (known != null) {
                    names.add(known);
                } else {
                    at.index(i)
                            .add(
                                    Problem.quote(name),
                                    "a cipher suite of TLS 1.2 by OpenSSL's name",
                                    "use such as ECDHE-ECDSA-AES128-GCM-SHA256");
                }
            }
        }
        return names;
    }
}
