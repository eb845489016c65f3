package dev.sluice.proxy.resource.tls;

import dev.sluice.contract.Problem;
import dev.sluice.contract.match.MatcherParser;
import dev.sluice.proxy.resource.read.DataSources;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.snapshot.tls.PrivateKeyText;
import dev.sluice.proxy.snapshot.tls.SanMatcher;
import dev.sluice.proxy.snapshot.tls.SecretSpec;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads certificates, keys and how peers are judged; empty after a problem. Stateless. */
public final class SecretParser {
    private static final Pattern SHA_256 =
            Pattern.compile("[0-9a-fA-F]{64}|[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){31}");

    private SecretParser() {}

    /** One secret; empty after a problem. */
    public static Optional<SecretSpec> parse(Secret proto, Spot at) {
        return switch (proto.getTypeCase()) {
            case TLS_CERTIFICATE ->
                    certificate(proto.getTlsCertificate(), at.field("tls_certificate"))
                            .map(found -> found);
            case VALIDATION_CONTEXT ->
                    validation(proto.getValidationContext(), at.field("validation_context"))
                            .map(found -> found);
            case SESSION_TICKET_KEYS, GENERIC_SECRET ->
                    Optional.empty(); // refused fields, already said
            case TYPE_NOT_SET -> {
                at.add(
                        "no content",
                        "tls_certificate or validation_context",
                        "say what the secret is");
                yield Optional.empty();
            }
        };
    }

    static Optional<SecretSpec.Certificate> certificate(TlsCertificate proto, Spot at) {
        int before = at.problems().count();
        Spot keyAt = at.field("private_key");
        Optional<String> chain =
                DataSources.text(proto.getCertificateChain(), at.field("certificate_chain"));
        Optional<String> key = DataSources.text(proto.getPrivateKey(), keyAt);
        if (proto.getPrivateKey().hasInlineString() || proto.getPrivateKey().hasInlineBytes()) {
            keyAt.key();
        }
        Optional<X509Certificate> leaf =
                chain.flatMap(text -> Pem.certificates(text, at.field("certificate_chain")))
                        .map(List::getFirst);
        if (leaf.isPresent() && key.isPresent()) {
            Pem.key(key.get(), leaf.get(), keyAt);
        }
        return at.problems().count() > before
                ? Optional.empty()
                : Optional.of(
                        new SecretSpec.Certificate(
                                chain.orElseThrow(), new PrivateKeyText(key.orElseThrow())));
    }

    @SuppressWarnings("deprecation") // the older list of names is still what small files use
    static Optional<SecretSpec.Validation> validation(CertificateValidationContext proto, Spot at) {
        int before = at.problems().count();
        String authorities = "";
        if (proto.hasTrustedCa()) {
            Spot spot = at.field("trusted_ca");
            authorities = DataSources.text(proto.getTrustedCa(), spot).orElse("");
            if (!authorities.isEmpty()) {
                var unused = Pem.certificates(authorities, spot);
            }
        }
        String revoked = "";
        if (proto.hasCrl()) {
            revoked = DataSources.text(proto.getCrl(), at.field("crl")).orElse("");
            if (!revoked.isEmpty()) {
                Pem.revocations(revoked, at.field("crl"));
            }
        }
        if (proto.getTrustChainVerification()
                != CertificateValidationContext.TrustChainVerification.VERIFY_TRUST_CHAIN) {
            at.field("trust_chain_verification")
                    .add(
                            proto.getTrustChainVerification().name(),
                            "VERIFY_TRUST_CHAIN",
                            "remove it; leave trusted_ca out to judge nobody");
        }
        List<SanMatcher> names = names(proto, at);
        List<String> hashes = hashes(proto, at.field("verify_certificate_hash"));
        return at.problems().count() > before
                ? Optional.empty()
                : Optional.of(new SecretSpec.Validation(authorities, names, hashes, revoked));
    }

    private static List<SanMatcher> names(CertificateValidationContext proto, Spot at) {
        List<SanMatcher> names = new ArrayList<>();
        Spot spot = at.field("match_typed_subject_alt_names");
        for (int i = 0; i < proto.getMatchTypedSubjectAltNamesCount(); i++) {
            name(proto.getMatchTypedSubjectAltNames(i), spot.index(i)).ifPresent(names::add);
        }
        return names;
    }

    private static Optional<SanMatcher> name(SubjectAltNameMatcher proto, Spot at) {
        var matcher = MatcherParser.string(proto.getMatcher(), at.field("matcher").problems());
        Optional<SanMatcher.Kind> kind =
                switch (proto.getSanType()) {
                    case EMAIL -> Optional.of(SanMatcher.Kind.EMAIL);
                    case DNS -> Optional.of(SanMatcher.Kind.DNS);
                    case URI -> Optional.of(SanMatcher.Kind.URI);
                    case IP_ADDRESS -> Optional.of(SanMatcher.Kind.IP_ADDRESS);
                    case SAN_TYPE_UNSPECIFIED, OTHER_NAME, UNRECOGNIZED -> {
                        at.field("san_type")
                                .add(
                                        proto.getSanType().name(),
                                        "DNS, URI, IP_ADDRESS or EMAIL",
                                        "say which kind of name it is");
                        yield Optional.empty();
                    }
                };
        return kind.flatMap(known -> matcher.map(text -> new SanMatcher(known, text)));
    }

    private static List<String> hashes(CertificateValidationContext proto, Spot at) {
        List<String> hashes = new ArrayList<>();
        for (int i = 0; i < proto.getVerifyCertificateHashCount(); i++) {
            String hash = proto.getVerifyCertificateHash(i);
            if (SHA_256.matcher(hash).matches()) {
                hashes.add(hash.replace(":", "").toLowerCase(Locale.ROOT));
            } else {
                at.index(i)
                        .add(
                                Problem.quote(hash),
                                "64 hex digits",
                                "write the SHA-256 of the certificate in DER");
            }
        }
        return hashes;
    }
}
