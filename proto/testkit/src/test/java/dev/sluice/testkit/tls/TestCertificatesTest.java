package dev.sluice.testkit.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestCertificatesTest {
    @TempDir private Path folder;

    @Test
    void issues_under_its_authority_with_all_identities() throws GeneralSecurityException {
        TestCertificates authority = TestCertificates.in(folder);

        var issued =
                authority.issue("orders", "localhost", "spiffe://mesh/orders", "127.0.0.1", "::1");

        issued.certificate().verify(authority.authority().getPublicKey());
        issued.certificate().checkValidity();
        assertThat(issued.certificate().getSubjectAlternativeNames())
                .contains(List.of(2, "localhost"), List.of(6, "spiffe://mesh/orders"))
                .contains(List.of(7, "127.0.0.1"), List.of(7, "0:0:0:0:0:0:0:1"));
        assertThat(authority.authority().getBasicConstraints()).isNotNegative();
        assertThat(issued.certificate().getBasicConstraints()).isEqualTo(-1);
    }

    @Test
    void writes_files_that_hold_the_same_certificate_and_its_key() throws Exception {
        TestCertificates authority = TestCertificates.in(folder);
        var issued = authority.issue("a");

        var factory = CertificateFactory.getInstance("X.509");
        assertThat(
                        factory.generateCertificate(
                                new ByteArrayInputStream(Files.readAllBytes(issued.chainFile()))))
                .isEqualTo(issued.certificate());
        assertThat(
                        factory.generateCertificate(
                                new ByteArrayInputStream(
                                        Files.readAllBytes(authority.authorityFile()))))
                .isEqualTo(authority.authority());
        String pem = Files.readString(issued.keyFile()).replaceAll("-----[A-Z ]+-----|\\s", "");
        var key =
                KeyFactory.getInstance("EC")
                        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
        Signature sign = Signature.getInstance("SHA256withECDSA");
        sign.initSign(key);
        sign.update((byte) 1);
        byte[] signature = sign.sign();
        sign.initVerify(issued.certificate());
        sign.update((byte) 1);
        assertThat(sign.verify(signature)).as("key file belongs to certificate file").isTrue();
    }

    @Test
    void issues_what_has_expired_and_what_another_authority_does_not_trust() {
        TestCertificates authority = TestCertificates.in(folder);
        TestCertificates other = TestCertificates.in(folder);

        assertThatThrownBy(() -> authority.issueExpired("old").certificate().checkValidity())
                .isInstanceOf(CertificateExpiredException.class);
        assertThatThrownBy(() ->
                        authority.issue("a").certificate().verify(other.authority().getPublicKey()))
                .isInstanceOf(GeneralSecurityException.class);
    }
}
