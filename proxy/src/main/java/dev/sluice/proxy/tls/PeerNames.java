package dev.sluice.proxy.tls;

import dev.sluice.contract.match.StringMatcher;
import dev.sluice.proxy.snapshot.tls.SanMatcher;
import io.netty.util.NetUtil;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Subject alternative names of a certificate (RFC 5280 section 4.2.1.6). Stateless. */
final class PeerNames {
    private PeerNames() {}

    /** Names of one kind, in their order. */
    static List<String> of(X509Certificate certificate, SanMatcher.Kind kind)
            throws CertificateException {
        Collection<List<?>> all = certificate.getSubjectAlternativeNames();
        List<String> names = new ArrayList<>();
        if (all != null) {
            for (List<?> entry : all) {
                if (entry.getFirst().equals(kind.number()) && entry.get(1) instanceof String text) {
                    names.add(kind == SanMatcher.Kind.IP_ADDRESS ? address(text) : text);
                }
            }
        }
        return names;
    }

    /** Whether the certificate has a name that one of the matchers wants. */
    static boolean match(X509Certificate certificate, List<SanMatcher> matchers)
            throws CertificateException {
        for (SanMatcher matcher : matchers) {
            for (String name : of(certificate, matcher.kind())) {
                if (matches(matcher, name)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether the certificate is for this DNS name or address (RFC 6125). */
    static boolean isFor(X509Certificate certificate, String name) throws CertificateException {
        if (NetUtil.isValidIpV4Address(name) || NetUtil.isValidIpV6Address(name)) {
            return of(certificate, SanMatcher.Kind.IP_ADDRESS).contains(address(name));
        }
        return of(certificate, SanMatcher.Kind.DNS).stream()
                .anyMatch(pattern -> covers(pattern, name));
    }

    /** As Envoy, an exact DNS name is also matched by a certificate for {@code *.parent}. */
    private static boolean matches(SanMatcher matcher, String name) {
        if (matcher.matcher().matches(name)) {
            return true;
        }
        return matcher.kind() == SanMatcher.Kind.DNS
                && name.startsWith("*.")
                && matcher.matcher() instanceof StringMatcher.Exact(var text, var _)
                && covers(name, text.toString());
    }

    private static boolean covers(String pattern, String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        String shown = pattern.toLowerCase(Locale.ROOT);
        if (!shown.startsWith("*.")) {
            return shown.equals(wanted);
        }
        int dot = wanted.indexOf('.');
        return dot > 0 && wanted.substring(dot).equals(shown.substring(1));
    }

    private static String address(String text) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
        return bytes == null ? text : NetUtil.bytesToIpAddress(bytes);
    }
}
