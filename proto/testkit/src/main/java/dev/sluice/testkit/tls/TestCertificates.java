package dev.sluice.testkit.tls;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.KeyUsage;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/**
 * A certificate authority (ECDSA P-256) and what it issues, as objects and as PEM files in a folder
 * that the test owns. Immutable but for the files.
 */
public final class TestCertificates {
    private static final Duration VALID = Duration.ofDays(1);

    private final Path folder;
    private final X509Bundle authority;
    private final Path authorityFile;

    private TestCertificates(Path folder, X509Bundle authority) {
        this.folder = folder;
        this.authority = authority;
        this.authorityFile = write("ca.pem", authority.getCertificatePEM());
    }

    /**
     * A certificate with its key.
     *
     * @param certificate the leaf
     * @param key its private key
     * @param chainFile PEM of the leaf and what stands between it and the authority
     * @param keyFile PEM of the key, PKCS #8
     */
    public record Issued(
            X509Certificate certificate, PrivateKey key, Path chainFile, Path keyFile) {}

    /** A new authority; writes {@code ca.pem} into the folder, which must exist. */
    public static TestCertificates in(Path folder) {
        try {
            Instant now = Instant.now();
            X509Bundle authority =
                    new CertificateBuilder()
                            .subject("CN=Test authority, O=Sluice")
                            .ecp256()
                            .notBefore(now.minus(VALID))
                            .notAfter(now.plus(VALID))
                            .setIsCertificateAuthority(true)
                            .setKeyUsage(true, KeyUsage.keyCertSign, KeyUsage.cRLSign)
                            .buildSelfSigned();
            return new TestCertificates(folder, authority);
        } catch (Exception failed) {
            throw new IllegalStateException("cannot make a test authority", failed);
        }
    }

    /** PEM of the authority's certificate, for trust. */
    public Path authorityFile() {
        return authorityFile;
    }

    /** The authority's certificate, for trust. */
    public X509Certificate authority() {
        return authority.getCertificate();
    }

    /**
     * A certificate for servers and clients, valid since yesterday until tomorrow; writes {@code
     * NAME.pem} and {@code NAME-key.pem}.
     *
     * @param name common name and name of the files
     * @param identities subject alternative names: with {@code ://} a URI ({@code
     *     spiffe://mesh/orders}), of digits and dots or with a colon an address, else a DNS name
     */
    public Issued issue(String name, String... identities) {
        Instant now = Instant.now();
        return issue(name, now.minus(VALID), now.plus(VALID), identities);
    }

    /** The same, but valid until an hour ago only. */
    public Issued issueExpired(String name, String... identities) {
        Instant now = Instant.now();
        return issue(name, now.minus(VALID), now.minus(Duration.ofHours(1)), identities);
    }

    private Issued issue(String name, Instant from, Instant until, String... identities) {
        try {
            CertificateBuilder builder =
                    new CertificateBuilder()
                            .subject("CN=" + name)
                            .ecp256()
                            .notBefore(from)
                            .notAfter(until)
                            .setKeyUsage(true, KeyUsage.digitalSignature)
                            .addExtendedKeyUsageServerAuth()
                            .addExtendedKeyUsageClientAuth();
            for (String identity : identities) {
                addIdentity(builder, identity);
            }
            X509Bundle leaf = builder.buildIssuedBy(authority);
            return new Issued(
                    leaf.getCertificate(),
                    leaf.getKeyPair().getPrivate(),
                    write(name + ".pem", leaf.getCertificatePathPEM()),
                    write(name + "-key.pem", leaf.getPrivateKeyPEM()));
        } catch (Exception failed) {
            throw new IllegalStateException("cannot issue certificate '" + name + "'", failed);
        }
    }

    private static void addIdentity(CertificateBuilder builder, String identity) throws Exception {
        if (identity.contains("://")) {
            builder.addSanUriName(identity);
        } else if (identity.contains(":") || identity.matches("[0-9.]+")) {
            builder.addSanIpAddress(identity);
        } else {
            builder.addSanDnsName(identity);
        }
    }

    private Path write(String file, String pem) {
        try {
            return Files.writeString(folder.resolve(file), pem);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot write " + file + " to " + folder, failed);
        }
    }
}
