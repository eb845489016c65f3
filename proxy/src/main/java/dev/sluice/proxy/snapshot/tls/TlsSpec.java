package dev.sluice.proxy.snapshot.tls;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What both sides of TLS have in common (Envoy {@code CommonTlsContext}). Immutable.
 *
 * @param parameters versions and ciphers
 * @param alpn protocols in the order of preference; empty: what the HTTP protocol says (upstream),
 *     or none (downstream)
 * @param certificates shown to the peer; the first whose key type the peer takes
 * @param validation how the peer is judged
 * @param carried what connections carry; default {@link Carried#MESSAGES}
 */
public record TlsSpec(
        Parameters parameters,
        List<String> alpn,
        List<CertificateSource> certificates,
        ValidationSource validation,
        Carried carried) {
    public TlsSpec {
        alpn = List.copyOf(alpn);
        certificates = List.copyOf(certificates);
    }

    /** What connections carry, and with it how {@code close_notify} ends them. */
    public enum Carried {
        /** Messages that say where they end: one half ends the other. */
        MESSAGES,
        /**
         * Bytes, of which an end says nothing about the other direction: each half ends by itself
         * (RFC 8446 section 6.1), from TLS 1.3 on.
         */
        BYTES
    }

    /** The same with these protocols. */
    public TlsSpec offering(List<String> protocols) {
        return new TlsSpec(parameters, protocols, certificates, validation, carried);
    }

    /** The same, for bytes. */
    public TlsSpec carryingBytes() {
        return new TlsSpec(parameters, alpn, certificates, validation, Carried.BYTES);
    }

    /**
     * Versions and ciphers (Envoy {@code TlsParameters}).
     *
     * @param least default TLS 1.2
     * @param most default TLS 1.3
     * @param ciphers of TLS 1.2, IANA's names; empty: the library's default. Those of TLS 1.3 are
     *     not configurable
     */
    public record Parameters(TlsVersion least, TlsVersion most, List<String> ciphers) {
        /** TLS 1.2 and 1.3 with the library's ciphers. */
        public static final Parameters DEFAULT =
                new Parameters(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3, List.of());

        public Parameters {
            ciphers = List.copyOf(ciphers);
        }
    }

    /** Where a certificate comes from. */
    public sealed interface CertificateSource {
        /** It stands in the resource. */
        record Inline(SecretSpec.Certificate certificate) implements CertificateSource {}

        /** It is a secret of this name. */
        record Secret(String name) implements CertificateSource {}
    }

    /**
     * Where the judgement comes from.
     *
     * @param own what stands in the resource
     * @param secret name of a secret that is merged into it
     */
    public record ValidationSource(SecretSpec.Validation own, Optional<String> secret) {
        /** Nothing is judged. */
        public static final ValidationSource NONE =
                new ValidationSource(SecretSpec.Validation.NONE, Optional.empty());
    }

    /** Names of those secrets that are not there, or are something else than is wanted here. */
    public List<String> missing(Map<String, SecretSpec> secrets) {
        List<String> missing = new ArrayList<>();
        for (CertificateSource source : certificates) {
            if (source instanceof CertificateSource.Secret(String name)
                    && !(secrets.get(name) instanceof SecretSpec.Certificate)) {
                missing.add(name);
            }
        }
        validation
                .secret()
                .filter(name -> !(secrets.get(name) instanceof SecretSpec.Validation))
                .ifPresent(missing::add);
        return missing;
    }

    /** Names of the secrets that must be there before it can be used. */
    public List<String> secrets() {
        return Stream.concat(
                        certificates.stream()
                                .flatMap(source ->
                                        switch (source) {
                                            case CertificateSource.Secret(String name) ->
                                                    Stream.of(name);
                                            case CertificateSource.Inline _ ->
                                                    Stream.<String>empty();
                                        }),
                        validation.secret().stream())
                .distinct()
                .toList();
    }
}
