package dev.sluice.proxy.tls;

import dev.sluice.proxy.snapshot.tls.SecretSpec.Validation;
import dev.sluice.proxy.snapshot.tls.UpstreamTlsSpec.NameCheck;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Optional;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Judges a peer's certificate: the chain leads to a trusted authority and is not revoked, the leaf
 * has a wanted name and a wanted hash. As Envoy, no host name is checked unless the configuration
 * says so, and without authorities and hashes every certificate is taken. Immutable.
 */
final class PeerTrust extends X509ExtendedTrustManager {
    private static final X509Certificate[] NOBODY = {};

    private final Validation validation;
    private final NameCheck names;
    private final Optional<X509ExtendedTrustManager> chains;

    private PeerTrust(
            Validation validation, NameCheck names, Optional<X509ExtendedTrustManager> chains) {
        this.validation = validation;
        this.names = names;
        this.chains = chains;
    }

    /**
     * @throws GeneralSecurityException when the authorities can't be used
     */
    static PeerTrust of(Validation validation, NameCheck names)
            throws GeneralSecurityException, IOException {
        Optional<X509ExtendedTrustManager> chains =
                validation.trustedCa().isEmpty()
                        ? Optional.empty()
                        : Optional.of(chains(validation));
        return new PeerTrust(validation, names, chains);
    }

    private static X509ExtendedTrustManager chains(Validation validation)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        CertificateFactory certificates = CertificateFactory.getInstance("X.509");
        int number = 0;
        for (Certificate authority :
                certificates.generateCertificates(bytes(validation.trustedCa()))) {
            store.setCertificateEntry("ca-" + number++, authority);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        if (validation.revoked().isEmpty()) {
            factory.init(store);
        } else {
            PKIXBuilderParameters path = new PKIXBuilderParameters(store, new X509CertSelector());
            path.setRevocationEnabled(true);
            path.addCertStore(
                    CertStore.getInstance(
                            "Collection",
                            new CollectionCertStoreParameters(
                                    certificates.generateCRLs(bytes(validation.revoked())))));
            factory.init(new CertPathTrustManagerParameters(path));
        }
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager extended) {
                return extended;
            }
        }
        throw new GeneralSecurityException("this Java has no PKIX trust manager");
    }

    /** Whether anything at all is asked of a peer's certificate. */
    boolean judges() {
        return chains.isPresent() || !validation.hashes().isEmpty();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        if (chains.isPresent()) {
            chains.get().checkClientTrusted(chain, type, engine);
        }
        checkLeaf(chain[0]);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        if (chains.isPresent()) {
            chains.get().checkServerTrusted(chain, type, engine);
        }
        checkLeaf(chain[0]);
        String asked = engine.getPeerHost();
        if (names == NameCheck.ASKED_NAME && (asked == null || !PeerNames.isFor(chain[0], asked))) {
            throw new CertificateException("the certificate is not for '" + asked + "'");
        }
    }

    private void checkLeaf(X509Certificate leaf) throws CertificateException {
        if (!validation.names().isEmpty() && !PeerNames.match(leaf, validation.names())) {
            throw new CertificateException("the certificate has none of the wanted names");
        }
        if (!validation.hashes().isEmpty() && !validation.hashes().contains(hash(leaf))) {
            throw new CertificateException("the certificate has none of the wanted hashes");
        }
    }

    /** SHA-256 of the certificate in DER, lower-case hex. */
    static String hash(X509Certificate certificate) throws CertificateException {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        throw new CertificateException("only engines are served");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        throw new CertificateException("only engines are served");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        throw new CertificateException("only engines are served");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        throw new CertificateException("only engines are served");
    }

    /** Names of the authorities, as a hint for clients with several certificates. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return chains.map(X509ExtendedTrustManager::getAcceptedIssuers).orElse(NOBODY);
    }

    private static ByteArrayInputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
