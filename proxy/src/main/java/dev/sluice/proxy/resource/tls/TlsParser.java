package dev.sluice.proxy.resource.tls;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.read.ConfigSources;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.tls.DownstreamTlsSpec;
import dev.sluice.proxy.snapshot.tls.DownstreamTlsSpec.ClientCertificate;
import dev.sluice.proxy.snapshot.tls.SecretSpec;
import dev.sluice.proxy.snapshot.tls.TlsSpec;
import dev.sluice.proxy.snapshot.tls.TlsSpec.CertificateSource;
import dev.sluice.proxy.snapshot.tls.TlsSpec.ValidationSource;
import dev.sluice.proxy.snapshot.tls.TlsVersion;
import dev.sluice.proxy.snapshot.tls.UpstreamTlsSpec;
import dev.sluice.proxy.snapshot.tls.UpstreamTlsSpec.NameCheck;
import dev.sluice.proxy.snapshot.tls.UpstreamTlsSpec.ServerName;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the TLS contexts of listeners and clusters; empty after a problem. Stateless. */
final class TlsParser {
    private static final int LONGEST_ALPN = 255;

    private TlsParser() {}

    static Optional<DownstreamTlsSpec> downstream(DownstreamTlsContext proto, Spot at) {
        int before = at.problems().count();
        Spot spot = at.field("common_tls_context");
        TlsSpec common = common(proto.getCommonTlsContext(), spot);
        if (common.certificates().isEmpty() && at.problems().count() == before) {
            spot.add(
                    "no certificate",
                    "tls_certificates or tls_certificate_sds_secret_configs",
                    "give the listener a certificate");
        }
        boolean required = proto.getRequireClientCertificate().getValue();
        ValidationSource validation = common.validation();
        if (required
                && validation.secret().isEmpty()
                && validation.own().trustedCa().isEmpty()
                && validation.own().hashes().isEmpty()) {
            at.field("require_client_certificate")
                    .add(
                            "certificates that nobody judges",
                            "authorities to judge them by",
                            "add validation_context with trusted_ca");
        }
        return at.problems().count() > before
                ? Optional.empty()
                : Optional.of(
                        new DownstreamTlsSpec(
                                common,
                                required ? ClientCertificate.REQUIRED : ClientCertificate.OPTIONAL,
                                Values.duration(
                                        proto.getSessionTimeout(), at.field("session_timeout"))));
    }

    static Optional<UpstreamTlsSpec> upstream(UpstreamTlsContext proto, Spot at) {
        int before = at.problems().count();
        TlsSpec common = common(proto.getCommonTlsContext(), at.field("common_tls_context"));
        if (proto.getSni().length() > LONGEST_ALPN) {
            at.field("sni").add(proto.getSni().length() + " characters", "at most 255", "cut it");
        }
        ServerName name =
                proto.getAutoHostSni()
                        ? new ServerName.OfEndpoint(proto.getSni())
                        : new ServerName.Fixed(proto.getSni());
        NameCheck check = proto.getAutoSniSanValidation() ? NameCheck.ASKED_NAME : NameCheck.NONE;
        if (check == NameCheck.ASKED_NAME && isUnjudged(common.validation())) {
            at.field("auto_sni_san_validation").add("names nobody vouches for", "authorities", CA);
        }
        return at.problems().count() > before
                ? Optional.empty()
                : Optional.of(new UpstreamTlsSpec(common, name, check));
    }

    private static final String CA = "add validation_context with trusted_ca";

    private static boolean isUnjudged(ValidationSource validation) {
        return validation.secret().isEmpty() && validation.own().trustedCa().isEmpty();
    }

    private static TlsSpec common(CommonTlsContext proto, Spot at) {
        return new TlsSpec(
                parameters(proto.getTlsParams(), at.field("tls_params")),
                alpn(proto, at.field("alpn_protocols")),
                certificates(proto, at),
                validation(proto, at),
                TlsSpec.Carried.MESSAGES);
    }

    private static TlsSpec.Parameters parameters(TlsParameters proto, Spot at) {
        TlsSpec.Parameters byDefault = TlsSpec.Parameters.DEFAULT;
        TlsVersion least =
                version(
                        proto.getTlsMinimumProtocolVersion(),
                        byDefault.least(),
                        at.field("tls_minimum_protocol_version"));
        TlsVersion most =
                version(
                        proto.getTlsMaximumProtocolVersion(),
                        byDefault.most(),
                        at.field("tls_maximum_protocol_version"));
        if (least.compareTo(most) > 0) {
            at.add(least.word() + " to " + most.word(), "a range", "swap the two versions");
        }
        return new TlsSpec.Parameters(
                least, most, CipherNames.parse(proto, at.field("cipher_suites")));
    }

    private static TlsVersion version(
            TlsParameters.TlsProtocol proto, TlsVersion byDefault, Spot at) {
        return switch (proto) {
            case TLS_AUTO -> byDefault;
            case TLSv1_2 -> TlsVersion.TLS_1_2;
            case TLSv1_3 -> TlsVersion.TLS_1_3;
            case TLSv1_0, TLSv1_1, UNRECOGNIZED -> {
                at.add(proto.name(), "TLSv1_2 or TLSv1_3", "use one of these; older are broken");
                yield byDefault;
            }
        };
    }

    private static List<String> alpn(CommonTlsContext proto, Spot at) {
        for (int i = 0; i < proto.getAlpnProtocolsCount(); i++) {
            String name = proto.getAlpnProtocols(i);
            if (name.isEmpty() || name.length() > LONGEST_ALPN) {
                at.index(i).add(Problem.quote(name), "1 to 255 characters", "correct the name");
            }
        }
        return proto.getAlpnProtocolsList();
    }

    private static List<CertificateSource> certificates(CommonTlsContext proto, Spot at) {
        List<CertificateSource> found = new ArrayList<>();
        Spot inline = at.field("tls_certificates");
        for (int i = 0; i < proto.getTlsCertificatesCount(); i++) {
            SecretParser.certificate(proto.getTlsCertificates(i), inline.index(i))
                    .map(CertificateSource.Inline::new)
                    .ifPresent(found::add);
        }
        Spot secrets = at.field("tls_certificate_sds_secret_configs");
        for (int i = 0; i < proto.getTlsCertificateSdsSecretConfigsCount(); i++) {
            SdsSecretConfig secret = proto.getTlsCertificateSdsSecretConfigs(i);
            found.add(new CertificateSource.Secret(secret(secret, secrets.index(i))));
        }
        if (found.size() > 1) {
            at.add(
                    found.size() + " certificates",
                    "one",
                    "write a filter chain with its own server_names for each certificate");
        }
        return found;
    }

    private static ValidationSource validation(CommonTlsContext proto, Spot at) {
        return switch (proto.getValidationContextTypeCase()) {
            case VALIDATION_CONTEXT -> {
                Spot spot = at.field("validation_context");
                SecretSpec.Validation own = own(proto.getValidationContext(), spot);
                yield judged(new ValidationSource(own, Optional.empty()), spot);
            }
            case VALIDATION_CONTEXT_SDS_SECRET_CONFIG ->
                    new ValidationSource(
                            SecretSpec.Validation.NONE,
                            Optional.of(
                                    secret(
                                            proto.getValidationContextSdsSecretConfig(),
                                            at.field("validation_context_sds_secret_config"))));
            case COMBINED_VALIDATION_CONTEXT -> {
                var combined = proto.getCombinedValidationContext();
                Spot spot = at.field("combined_validation_context");
                yield new ValidationSource(
                        own(
                                combined.getDefaultValidationContext(),
                                spot.field("default_validation_context")),
                        Optional.of(
                                secret(
                                        combined.getValidationContextSdsSecretConfig(),
                                        spot.field("validation_context_sds_secret_config"))));
            }
            case VALIDATION_CONTEXT_CERTIFICATE_PROVIDER,
                    VALIDATION_CONTEXT_CERTIFICATE_PROVIDER_INSTANCE,
                    VALIDATIONCONTEXTTYPE_NOT_SET ->
                    ValidationSource.NONE; // refused fields were said
        };
    }

    private static SecretSpec.Validation own(CertificateValidationContext proto, Spot at) {
        return SecretParser.validation(proto, at).orElse(SecretSpec.Validation.NONE);
    }

    /** Names in a certificate that nobody vouches for say nothing (Envoy refuses it too). */
    private static ValidationSource judged(ValidationSource validation, Spot at) {
        if (isUnjudged(validation) && !validation.own().names().isEmpty()) {
            at.field("match_typed_subject_alt_names")
                    .add("names that nobody vouches for", "authorities", CA);
        }
        return validation;
    }

    private static String secret(SdsSecretConfig proto, Spot at) {
        if (proto.hasSdsConfig()) {
            ConfigSources.ads(proto.getSdsConfig(), at.field("sds_config"));
        }
        return Values.text(proto.getName(), at.field("name"));
    }
}
