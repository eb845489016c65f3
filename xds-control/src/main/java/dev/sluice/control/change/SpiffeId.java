package dev.sluice.control.change;

import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** The name that a certificate gives a workload (SPIFFE X.509-SVID, section 2). Stateless. */
public final class SpiffeId {
    private static final Pattern FORM =
            Pattern.compile("spiffe://[a-z0-9._-]{1,255}(/[A-Za-z0-9._-]+)+");
    private static final int LONGEST = 2_048;
    private static final int URI = 6;

    private SpiffeId() {}

    /** Whether a text has the form of one. */
    public static boolean isOne(String text) {
        return text.length() <= LONGEST && FORM.matcher(text).matches();
    }

    /** Of the peer of a session; empty unless its verified certificate has just one URI name. */
    public static Optional<String> of(SSLSession session) {
        try {
            return of(session.getPeerCertificates());
        } catch (SSLPeerUnverifiedException none) {
            return Optional.empty();
        }
    }

    private static Optional<String> of(Certificate[] chain) {
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
