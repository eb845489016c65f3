package dev.sluice.proxy.tls;

import dev.sluice.proxy.snapshot.tls.DownstreamTlsSpec;
import dev.sluice.proxy.snapshot.tls.DownstreamTlsSpec.ClientCertificate;
import dev.sluice.proxy.snapshot.tls.SecretSpec;
import dev.sluice.proxy.snapshot.tls.TlsSpec;
import dev.sluice.proxy.snapshot.tls.TlsVersion;
import dev.sluice.proxy.snapshot.tls.UpstreamTlsSpec;
import dev.sluice.proxy.snapshot.tls.UpstreamTlsSpec.NameCheck;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Makes Netty's TLS contexts. Immutable. */
final class ContextMaker {
    private static final List<String> TLS_1_3_CIPHERS =
            List.of(
                    "TLS_AES_128_GCM_SHA256",
                    "TLS_AES_256_GCM_SHA384",
                    "TLS_CHACHA20_POLY1305_SHA256");

    private final TlsProvider provider;

    ContextMaker(TlsProvider provider) {
        this.provider = provider;
    }

    SslContext server(DownstreamTlsSpec spec, TlsMaterial material)
            throws GeneralSecurityException, IOException {
        SecretSpec.Certificate certificate = material.certificate().orElseThrow();
        PeerTrust trust = PeerTrust.of(material.validation(), NameCheck.NONE);
        SslContextBuilder builder =
                SslContextBuilder.forServer(
                                pem(certificate.chain()), pem(certificate.key().reveal()))
                        .trustManager(trust)
                        .clientAuth(clientAuth(spec.client(), trust))
                        .sessionTimeout(spec.sessionTimeout().toSeconds());
        return common(builder, spec.common());
    }

    SslContext client(UpstreamTlsSpec spec, TlsMaterial material)
            throws GeneralSecurityException, IOException {
        SslContextBuilder builder =
                SslContextBuilder.forClient()
                        .trustManager(PeerTrust.of(material.validation(), spec.san()))
                        .endpointIdentificationAlgorithm(null);
        material.certificate()
                .ifPresent(own -> builder.keyManager(pem(own.chain()), pem(own.key().reveal())));
        return common(builder, spec.common());
    }

    /** A certificate that nobody judges says nothing, and is not asked for. */
    private static ClientAuth clientAuth(ClientCertificate wanted, PeerTrust trust)
            throws GeneralSecurityException {
        return switch (wanted) {
            case OPTIONAL -> trust.judges() ? ClientAuth.OPTIONAL : ClientAuth.NONE;
            case REQUIRED -> {
                if (!trust.judges()) {
                    throw new GeneralSecurityException(
                            "client certificates are required and no authority judges them");
                }
                yield ClientAuth.REQUIRE;
            }
        };
    }

    private SslContext common(SslContextBuilder builder, TlsSpec spec) throws IOException {
        builder.sslProvider(provider.carrying(spec).netty()).protocols(versions(spec.parameters()));
        if (!spec.parameters().ciphers().isEmpty()) {
            List<String> ciphers = new ArrayList<>(spec.parameters().ciphers());
            ciphers.addAll(TLS_1_3_CIPHERS);
            builder.ciphers(ciphers, SupportedCipherSuiteFilter.INSTANCE);
        }
        if (!spec.alpn().isEmpty()) {
            builder.applicationProtocolConfig(
                    new ApplicationProtocolConfig(
                            Protocol.ALPN,
                            SelectorFailureBehavior.NO_ADVERTISE,
                            SelectedListenerFailureBehavior.ACCEPT,
                            spec.alpn()));
        }
        return builder.build();
    }

    private static List<String> versions(TlsSpec.Parameters parameters) {
        return Stream.of(TlsVersion.values())
                .filter(version -> version.compareTo(parameters.least()) >= 0)
                .filter(version -> version.compareTo(parameters.most()) <= 0)
                .map(TlsVersion::word)
                .toList();
    }

    private static InputStream pem(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
