package dev.sluice.control.admin.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.sluice.control.change.Identity;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.Rights;
import dev.sluice.control.change.Role;
import dev.sluice.testkit.ManualClock;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IssuerTokensTest {
    private static final Rights OF_OPERATORS = new Rights(Set.of(Role.OPERATOR), Set.of());
    private static final Rights OF_DBAS = new Rights(Set.of(Role.APPROVER), Set.of("dba"));

    private final ManualClock clock = new ManualClock();
    private ECKey key;
    private IssuerTokens tokens;

    @BeforeEach
    void knowOneKey() throws JOSEException {
        key = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
        tokens = tokens("email");
    }

    @Test
    void a_user_has_the_rights_of_all_grants_that_fit_its_claims() throws JOSEException {
        assertThat(identity(claims -> claims.claim("groups", List.of("sre", "databases"))))
                .contains(
                        new Identity(
                                new Principal("corp:ada@corp.example", Principal.AuthMethod.OIDC),
                                new Rights(Set.of(Role.OPERATOR, Role.APPROVER), Set.of("dba"))));
        assertThat(identity(claims -> claims.claim("repository", "acme/shop")))
                .map(Identity::vouched)
                .contains(OF_OPERATORS);
    }

    @Test
    void whom_no_grant_fits_is_not_let_in() throws JOSEException {
        assertThat(identity(claims -> claims.claim("groups", List.of("sales")))).isEmpty();
        assertThat(identity(claims -> claims.claim("groups", "sre sales"))).isEmpty();
        assertThat(identity(_ -> {})).isEmpty();
    }

    @Test
    void a_token_for_others_or_of_others_lets_nobody_in() throws JOSEException {
        assertThat(operator(claims -> claims.audience(List.of("other", "sluice")))).isPresent();
        assertThat(operator(claims -> claims.audience("other"))).isEmpty();
        assertThat(operator(claims -> claims.audience((String) null))).isEmpty();
        assertThat(operator(claims -> claims.issuer("https://login.corp.example/"))).isEmpty();
        assertThat(operator(claims -> claims.claim("email", null))).isEmpty();
        assertThat(operator(claims -> claims.claim("email", " "))).isEmpty();
        assertThat(operator(claims -> claims.claim("email", List.of("ada")))).isEmpty();
    }

    @Test
    void a_token_is_good_for_its_time_give_or_take_a_minute() throws JOSEException {
        SignedJWT token = signed(operatorClaims().build(), key);
        assertThat(tokens.identity(token)).isPresent();
        clock.advance(Duration.ofSeconds(359));
        assertThat(tokens.identity(token)).isPresent();
        clock.advance(Duration.ofSeconds(2));
        assertThat(tokens.identity(token)).as("expired").isEmpty();

        assertThat(operator(claims -> claims.notBeforeTime(in(Duration.ofSeconds(90))))).isEmpty();
        assertThat(operator(claims -> claims.expirationTime(null))).as("no end").isEmpty();
    }

    @Test
    void only_a_known_key_and_a_signature_that_needs_it_count() throws JOSEException {
        ECKey stranger = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
        assertThat(tokens.identity(signed(operatorClaims().build(), stranger)))
                .as("another key under the same id")
                .isEmpty();

        byte[] published = new byte[32];
        System.arraycopy(key.getX().decode(), 0, published, 0, 32);
        assertThat(
                        tokens.identity(
                                signed(
                                        operatorClaims().build(),
                                        new JWSHeader.Builder(JWSAlgorithm.HS256)
                                                .keyID("k1")
                                                .build(),
                                        new MACSigner(published))))
                .as("a shared secret made of the public key")
                .isEmpty();
        assertThat(
                        tokens.identity(
                                signed(
                                        operatorClaims().build(),
                                        new JWSHeader.Builder(JWSAlgorithm.ES256)
                                                .keyID("k1")
                                                .type(new JOSEObjectType("logout+jwt"))
                                                .build(),
                                        new ECDSASigner(key))))
                .as("a token of another purpose")
                .isEmpty();
    }

    private IssuerTokens tokens(String userClaim) {
        return IssuerTokens.of(
                new IssuerSpec(
                        "corp",
                        "https://login.corp.example",
                        Set.of("sluice"),
                        new IssuerSpec.Keys.Fixed(new JWKSet(key.toPublicJWK())),
                        userClaim,
                        List.of(
                                new IssuerSpec.Grant("groups", "sre", OF_OPERATORS),
                                new IssuerSpec.Grant("repository", "acme/shop", OF_OPERATORS),
                                new IssuerSpec.Grant("groups", "databases", OF_DBAS))),
                clock);
    }

    private Optional<Identity> operator(Consumer<JWTClaimsSet.Builder> more) throws JOSEException {
        return identity(claims -> {
            claims.claim("groups", "sre");
            more.accept(claims);
        });
    }

    private Optional<Identity> identity(Consumer<JWTClaimsSet.Builder> more) throws JOSEException {
        JWTClaimsSet.Builder claims = claims();
        more.accept(claims);
        return tokens.identity(signed(claims.build(), key));
    }

    private JWTClaimsSet.Builder operatorClaims() {
        return claims().claim("groups", "sre");
    }

    private JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer("https://login.corp.example")
                .audience("sluice")
                .subject("4711")
                .claim("email", "ada@corp.example")
                .expirationTime(in(Duration.ofMinutes(5)));
    }

    private Date in(Duration time) {
        return Date.from(clock.instant().plus(time));
    }

    private static SignedJWT signed(JWTClaimsSet claims, ECKey key) throws JOSEException {
        return signed(
                claims,
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k1").build(),
                new ECDSASigner(key));
    }

    private static SignedJWT signed(JWTClaimsSet claims, JWSHeader header, JWSSigner signer)
            throws JOSEException {
        var token = new SignedJWT(header, claims);
        token.sign(signer);
        return token;
    }
}
