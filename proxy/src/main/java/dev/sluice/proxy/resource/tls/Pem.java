package dev.sluice.proxy.resource.tls;

import dev.sluice.proxy.resource.read.Spot;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks PEM texts (RFC 7468) when they are read, so that what can't be used is refused then and
 * not at the first handshake. Problems never show the text. Stateless.
 */
final class Pem {
    private static final Pattern KEY =
            Pattern.compile(
                    "-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final byte[] PROBE = "sluice".getBytes(StandardCharsets.US_ASCII);

    private Pem() {}

    /** The certificates of a text, at least one; empty after a problem. */
    static Optional<List<X509Certificate>> certificates(String text, Spot at) {
        try {
            Collection<? extends java.security.cert.Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(bytes(text));
            if (!found.isEmpty()) {
                return Optional.of(found.stream().map(X509Certificate.class::cast).toList());
            }
        } catch (CertificateException malformed) {
            // said below, without what the text holds
        }
        at.add("a text without certificates", "PEM of X.509 certificates", "write the PEM text");
        return Optional.empty();
    }

    /** Adds a problem unless a text holds revocation lists. */
    static void revocations(String text, Spot at) {
        try {
            if (!CertificateFactory.getInstance("X.509").generateCRLs(bytes(text)).isEmpty()) {
                return;
            }
        } catch (GeneralSecurityException malformed) {
            // said below
        }
        at.add("a text without revocation lists", "PEM of X.509 CRLs", "write the PEM text");
    }

    /** Adds a problem unless the text is the private key of the certificate. */
    static void key(String text, X509Certificate certificate, Spot at) {
        Matcher matcher = KEY.matcher(text);
        if (!matcher.find()) {
            at.add(
                    "a text that is no PKCS #8 key in clear",
                    "PEM that begins with BEGIN PRIVATE KEY",
                    "convert it: openssl pkcs8 -topk8 -nocrypt");
            return;
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(matcher.group(1));
            PublicKey open = certificate.getPublicKey();
            PrivateKey key =
                    KeyFactory.getInstance(open.getAlgorithm())
                            .generatePrivate(new PKCS8EncodedKeySpec(der));
            if (belong(key, open)) {
                return;
            }
        } catch (InvalidKeySpecException | IllegalArgumentException malformed) {
            // of another kind than the certificate's, or no key at all
        } catch (GeneralSecurityException unsupported) {
            at.add(
                    "a key of type " + certificate.getPublicKey().getAlgorithm(),
                    "RSA or EC",
                    "use a certificate with such a key");
            return;
        }
        at.add(
                "a key that is not the certificate's",
                "the private key of the first certificate of the chain",
                "give certificate and key of one pair");
    }

    private static boolean belong(PrivateKey key, PublicKey open) throws GeneralSecurityException {
        String algorithm =
                switch (open) {
                    case RSAKey _ -> "SHA256withRSA";
                    case ECKey _ -> "SHA256withECDSA";
                    default -> open.getAlgorithm();
                };
        Signature signing = Signature.getInstance(algorithm);
        signing.initSign(key);
        signing.update(PROBE);
        byte[] signature = signing.sign();
        Signature verifying = Signature.getInstance(algorithm);
        verifying.initVerify(open);
        verifying.update(PROBE);
        return verifying.verify(signature);
    }

    private static ByteArrayInputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
