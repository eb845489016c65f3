package dev.sluice.proxy.admin;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.JsonFormat;
import dev.sluice.proxy.snapshot.ProxySnapshot;
import dev.sluice.proxy.snapshot.listener.ListenerSpec;
import dev.sluice.proxy.snapshot.tls.DownstreamTlsSpec;
import dev.sluice.proxy.snapshot.tls.SecretSpec;
import dev.sluice.proxy.snapshot.tls.TlsSpec;
import dev.sluice.proxy.snapshot.tls.UpstreamTlsSpec;
import io.envoyproxy.envoy.admin.v3.Certificate;
import io.envoyproxy.envoy.admin.v3.CertificateDetails;
import io.envoyproxy.envoy.admin.v3.Certificates;
import io.envoyproxy.envoy.admin.v3.SubjectAlternateName;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code /certs}: the certificates that listeners and clusters show and the authorities that they
 * trust, in Envoy's shape. Thread-safe.
 */
final class CertificatesPage {
    private static final int DNS = 2;
    private static final int URI = 6;
    private static final int ADDRESS = 7;
    private static final String INLINE = "<inline>";

    private final AdminSubject subject;
    private final InstantSource clock;

    /**
     * @param clock by which certificates expire
     */
    CertificatesPage(AdminSubject subject, InstantSource clock) {
        this.subject = subject;
        this.clock = clock;
    }

    AdminAnswer answer() {
        ProxySnapshot snapshot = subject.snapshot();
        Instant now = clock.instant();
        Certificates.Builder all = Certificates.newBuilder();
        specs(snapshot)
                .distinct()
                .map(spec -> certificate(spec, snapshot.secrets(), now))
                .filter(found -> found.getCaCertCount() + found.getCertChainCount() > 0)
                .forEach(all::addCertificates);
        try {
            return AdminAnswer.json(
                    200,
                    JsonFormat.printer()
                                    .preservingProtoFieldNames()
                                    .alwaysPrintFieldsWithNoPresence()
                                    .print(all)
                            + "\n");
        } catch (InvalidProtocolBufferException unprintable) {
            throw new IllegalStateException(unprintable);
        }
    }

    private static Stream<TlsSpec> specs(ProxySnapshot snapshot) {
        return Stream.concat(
                snapshot.listeners().stream()
                        .flatMap(ListenerSpec::allChains)
                        .flatMap(chain -> chain.tls().stream())
                        .map(DownstreamTlsSpec::common),
                snapshot.clusters().values().stream()
                        .flatMap(cluster -> cluster.transport().tls().stream())
                        .map(UpstreamTlsSpec::common));
    }

    private static Certificate certificate(
            TlsSpec spec, Map<String, SecretSpec> secrets, Instant now) {
        Certificate.Builder shown = Certificate.newBuilder();
        for (TlsSpec.CertificateSource source : spec.certificates()) {
            switch (source) {
                case TlsSpec.CertificateSource.Inline(SecretSpec.Certificate own) ->
                        shown.addAllCertChain(details(own.chain(), INLINE, now));
                case TlsSpec.CertificateSource.Secret(String name) -> {
                    if (secrets.get(name) instanceof SecretSpec.Certificate own) {
                        shown.addAllCertChain(details(own.chain(), name, now));
                    }
                }
            }
        }
        shown.addAllCaCert(details(spec.validation().own().trustedCa(), INLINE, now));
        Optional<String> trusted = spec.validation().secret();
        if (trusted.isPresent()
                && secrets.get(trusted.get()) instanceof SecretSpec.Validation judged) {
            shown.addAllCaCert(details(judged.trustedCa(), trusted.get(), now));
        }
        return shown.build();
    }

    /**
     * @param path where it comes from: a secret's name, or {@code <inline>}
     */
    private static List<CertificateDetails> details(String pem, String path, Instant now) {
        if (pem.isBlank()) {
            return List.of();
        }
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(
                            new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .map(one -> details(one, path, now))
                    .toList();
        } catch (CertificateException unreadable) {
            return List.of(CertificateDetails.newBuilder().setPath(path).build());
        }
    }

    private static CertificateDetails details(X509Certificate one, String path, Instant now) {
        Instant until = one.getNotAfter().toInstant();
        CertificateDetails.Builder shown =
                CertificateDetails.newBuilder()
                        .setPath(path)
                        .setSerialNumber(
                                one.getSerialNumber().toString(16).toLowerCase(Locale.ROOT))
                        .setDaysUntilExpiration(Math.max(0, Duration.between(now, until).toDays()))
                        .setValidFrom(timestamp(one.getNotBefore().toInstant()))
                        .setExpirationTime(timestamp(until));
        names(one).forEach(name -> name(name, shown));
        return shown.build();
    }

    private static Collection<List<?>> names(X509Certificate one) {
        try {
            Collection<List<?>> names = one.getSubjectAlternativeNames();
            return names == null ? List.of() : names;
        } catch (CertificateParsingException unreadable) {
            return List.of();
        }
    }

    /** A name as RFC 5280 section 4.2.1.6 tells them apart; others are not shown. */
    private static void name(List<?> name, CertificateDetails.Builder shown) {
        SubjectAlternateName.Builder one = SubjectAlternateName.newBuilder();
        String text = String.valueOf(name.get(1));
        switch ((Integer) name.getFirst()) {
            case DNS -> shown.addSubjectAltNames(one.setDns(text));
            case URI -> shown.addSubjectAltNames(one.setUri(text));
            case ADDRESS -> shown.addSubjectAltNames(one.setIpAddress(text));
            default -> {}
        }
    }

    private static Timestamp timestamp(Instant moment) {
        return Timestamp.newBuilder().setSeconds(moment.getEpochSecond()).build();
    }
}
