package dev.sluice.control.admin.access;

import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The name that a certificate gives a workload (SPIFFE X.509-SVID, section 2). Stateless. */
final class SpiffeId {
    private static final Pattern FORM =
            Pattern.compile("spiffe://[a-z0-9._-]{1,255}(/[A-Za-z0-9._-]+)+");
    private static final int LONGEST = 2_048;
    private static final int URI = 6;

    private SpiffeId() {}

    static boolean isOne(String text) {
        return text.length() <= LONGEST && FORM.matcher(text).matches();
    }

    /**
     * Of a chain that was verified, its leaf first; empty unless the leaf has just one URI name.
     */
    static Optional<String> of(Certificate[] chain) {
        if (chain.length == 0 || !(chain[0] instanceof X509Certificate leaf)) {
            return Optional.empty();
        }
        try {
            Collection<List<?>> names = leaf.getSubjectAlternativeNames();
            List<String> uris =
                    names == null
                            ? List.of()
                            : names.stream()
                                    .filter(name -> Integer.valueOf(URI).equals(name.getFirst()))
                                    .map(name -> String.valueOf(name.get(1)))
                                    .toList();
            return uris.size() == 1 && isOne(uris.getFirst())
                    ? Optional.of(uris.getFirst())
                    : Optional.empty();
        } catch (CertificateParsingException e) {
            return Optional.empty();
        }
    }
}
