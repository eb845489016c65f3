package dev.sluice.proxy.tls;

import dev.sluice.proxy.snapshot.tls.SecretSpec;
import dev.sluice.proxy.snapshot.tls.TlsSpec;
import dev.sluice.proxy.snapshot.tls.TlsSpec.CertificateSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Certificate and judgement of a TLS context, with secrets looked up. Immutable; contexts are made
 * anew exactly when it changes.
 *
 * @param certificate shown to the peer
 * @param validation of the peer
 */
record TlsMaterial(Optional<SecretSpec.Certificate> certificate, SecretSpec.Validation validation) {
    /** Empty while a secret is missing, or is of another kind. */
    static Optional<TlsMaterial> of(TlsSpec spec, Map<String, SecretSpec> secrets) {
        List<SecretSpec.Certificate> certificates =
                spec.certificates().stream()
                        .flatMap(source -> certificate(source, secrets).stream())
                        .toList();
        Optional<SecretSpec.Validation> validation =
                spec.validation()
                        .secret()
                        .map(name ->
                                Optional.ofNullable(secrets.get(name))
                                        .filter(SecretSpec.Validation.class::isInstance)
                                        .map(SecretSpec.Validation.class::cast)
                                        .map(spec.validation().own()::with))
                        .orElseGet(() -> Optional.of(spec.validation().own()));
        return certificates.size() < spec.certificates().size()
                ? Optional.empty()
                : validation.map(
                        found -> new TlsMaterial(certificates.stream().findFirst(), found));
    }

    private static Optional<SecretSpec.Certificate> certificate(
            CertificateSource source, Map<String, SecretSpec> secrets) {
        return switch (source) {
            case CertificateSource.Inline(SecretSpec.Certificate inline) -> Optional.of(inline);
            case CertificateSource.Secret(String name) ->
                    Optional.ofNullable(secrets.get(name))
                            .filter(SecretSpec.Certificate.class::isInstance)
                            .map(SecretSpec.Certificate.class::cast);
        };
    }
}
