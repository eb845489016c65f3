package dev.sluice.control.admin.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.sluice.control.change.Identity;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.Rights;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Tokens of one OpenID provider: ID and access tokens in the form of signed JWTs (RFC 7519, RFC
 * 9068). Thread-safe.
 *
 * <p>Only asymmetric signatures count: who can check a token must not be able to make one. A call
 * that brings a token signed by a key not seen yet waits for the provider, at most twice {@link
 * #FETCH_MILLIS}; keys of a provider that is away stay good for {@link #OUTAGE_MILLIS}.
 */
final class IssuerTokens {
    static final int FETCH_MILLIS = 2_000;
    static final long OUTAGE_MILLIS = 4L * 3_600_000;
    private static final int LARGEST_KEY_SET = 256 << 10;
    private static final int SKEW_SECONDS = 60;
    private static final Set<JWSAlgorithm> ALGORITHMS =
            Set.of(
                    JWSAlgorithm.RS256,
                    JWSAlgorithm.RS384,
                    JWSAlgorithm.RS512,
                    JWSAlgorithm.PS256,
                    JWSAlgorithm.PS384,
                    JWSAlgorithm.PS512,
                    JWSAlgorithm.ES256,
                    JWSAlgorithm.ES384,
                    JWSAlgorithm.ES512);

    private final IssuerSpec spec;
    private final DefaultJWTProcessor<SecurityContext> processor;

    private IssuerTokens(IssuerSpec spec, DefaultJWTProcessor<SecurityContext> processor) {
        this.spec = spec;
        this.processor = processor;
    }

    /** Of a provider; fetches nothing yet. */
    static IssuerTokens of(IssuerSpec spec, InstantSource clock) {
        var processor = new DefaultJWTProcessor<SecurityContext>();
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(
                        JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
        processor.setJWSKeySelector(
                new JWSVerificationKeySelector<>(ALGORITHMS, keys(spec.keys())));
        processor.setJWTClaimsSetVerifier(claims(spec, clock));
        return new IssuerTokens(spec, processor);
    }

    String issuer() {
        return spec.issuer();
    }

    /** Whom a token names, with the rights that its claims give; empty when it lets nobody in. */
    Optional<Identity> identity(SignedJWT token) {
        try {
            // An `exp` of null counts as present there, and must not mean for ever.
            JWTClaimsSet claims = processor.process(token, null);
            Object user = claims.getClaim(spec.userClaim());
            List<Rights> granted =
                    spec.grants().stream()
                            .filter(grant -> has(claims, grant))
                            .map(IssuerSpec.Grant::rights)
                            .toList();
            return claims.getExpirationTime() != null
                            && user instanceof String name
                            && !name.isBlank()
                            && !granted.isEmpty()
                    ? Optional.of(
                            new Identity(
                                    new Principal(
                                            spec.name() + ":" + name, Principal.AuthMethod.OIDC),
                                    Rights.union(granted)))
                    : Optional.empty();
        } catch (BadJOSEException | JOSEException e) {
            return Optional.empty();
        }
    }

    private static boolean has(JWTClaimsSet claims, IssuerSpec.Grant grant) {
        Object claim = claims.getClaim(grant.claim());
        Stream<?> values =
                claim instanceof Collection<?> several
                        ? several.stream()
                        : Stream.ofNullable(claim);
        return values.anyMatch(value -> grant.value().equals(String.valueOf(value)));
    }

    private static DefaultJWTClaimsVerifier<SecurityContext> claims(
            IssuerSpec spec, InstantSource clock) {
        var verifier =
                new DefaultJWTClaimsVerifier<SecurityContext>(
                        new HashSet<>(spec.audiences()),
                        new JWTClaimsSet.Builder().issuer(spec.issuer()).build(),
                        Set.of("exp", spec.userClaim()),
                        Set.of()) {
                    @Override
                    protected Date currentTime() {
                        return Date.from(clock.instant());
                    }
                };
        verifier.setMaxClockSkew(SKEW_SECONDS);
        return verifier;
    }

    private static JWKSource<SecurityContext> keys(IssuerSpec.Keys keys) {
        return switch (keys) {
            case IssuerSpec.Keys.At(var address) -> fetched(address);
            case IssuerSpec.Keys.Fixed(var set) -> new ImmutableJWKSet<>(set);
        };
    }

    private static JWKSource<SecurityContext> fetched(URI address) {
        try {
            return JWKSourceBuilder.create(
                            address.toURL(),
                            new DefaultResourceRetriever(
                                    FETCH_MILLIS, FETCH_MILLIS, LARGEST_KEY_SET))
                    .retrying(true)
                    .outageTolerant(OUTAGE_MILLIS)
                    .build();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("no http or https: " + address, e);
        }
    }
}
