package dev.sluice.proxy.filter;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.sluice.contract.match.LetterCase;
import dev.sluice.contract.match.StringMatcher;
import dev.sluice.contract.match.WireText;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.HttpProtocol;
import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.gate.ExchangeView;
import dev.sluice.proxy.keys.RemoteKeys;
import dev.sluice.proxy.plan.Refusal;
import dev.sluice.proxy.snapshot.filter.HttpFilterSpec;
import dev.sluice.proxy.snapshot.filter.JwtSpec;
import dev.sluice.proxy.snapshot.filter.JwtSpec.Cache;
import dev.sluice.proxy.snapshot.filter.JwtSpec.ClaimHeader;
import dev.sluice.proxy.snapshot.filter.JwtSpec.Expiration;
import dev.sluice.proxy.snapshot.filter.JwtSpec.Forwarding;
import dev.sluice.proxy.snapshot.filter.JwtSpec.Kept;
import dev.sluice.proxy.snapshot.filter.JwtSpec.Lifetime;
import dev.sluice.proxy.snapshot.filter.JwtSpec.Padding;
import dev.sluice.proxy.snapshot.filter.JwtSpec.Preflight;
import dev.sluice.proxy.snapshot.filter.JwtSpec.Requirement;
import dev.sluice.proxy.snapshot.filter.JwtSpec.Source;
import dev.sluice.proxy.snapshot.filter.JwtSpec.TokenProvider;
import dev.sluice.proxy.snapshot.filter.KeySource;
import dev.sluice.proxy.snapshot.part.RouteMatchSpec;
import dev.sluice.proxy.snapshot.part.RouteMatchSpec.PathMatch;
import dev.sluice.proxy.snapshot.runtime.RuntimeValues;
import dev.sluice.testkit.ManualClock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class JwtFilterTest {
    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    private static final RSAKey RSA = rsa("one");
    private static final ECKey EC = ec();
    private static final Peer PEER =
            new Peer(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 2),
                    HttpProtocol.HTTP_1_1,
                    /* secure= */ false,
                    Optional.empty(),
                    Optional.empty());
    private static final List<Source> SOURCES =
            List.of(
                    new Source.Header("authorization", "Bearer "),
                    new Source.Parameter("access_token"));

    private static RSAKey rsa(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static ECKey ec() {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID("curve").generate();
        } catch (JOSEException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static RemoteKeys unfetched(KeySource.Remote source) {
        throw new AssertionError("nothing is fetched from " + source);
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer("https://issuer")
                .subject("ann")
                .audience("shop")
                .expirationTime(Date.from(NOW.plusSeconds(600)));
    }

    private static String signed(JWTClaimsSet claims) throws JOSEException {
        return signed(JWSAlgorithm.RS256, "one", new RSASSASigner(RSA), claims);
    }

    private static String signed(
            JWSAlgorithm algorithm, String id, JWSSigner signer, JWTClaimsSet claims)
            throws JOSEException {
        SignedJWT token = new SignedJWT(new JWSHeader.Builder(algorithm).keyID(id).build(), claims);
        token.sign(signer);
        return token.serialize();
    }

    private static TokenProvider provider(String issuer, JWK... keys) {
        return new TokenProvider(
                issuer,
                Optional.of("https://" + issuer),
                List.of("shop"),
                Optional.empty(),
                new Lifetime(Expiration.OPTIONAL, Optional.empty(), Duration.ofSeconds(60)),
                new KeySource.Local(new JWKSet(Arrays.asList(keys)).toString()),
                SOURCES,
                new Forwarding(
                        Kept.REMOVED,
                        Optional.of("x-claims"),
                        Padding.BARE,
                        List.of(
                                new ClaimHeader("x-user", List.of("sub")),
                                new ClaimHeader("x-team", List.of("org", "team")),
                                new ClaimHeader("x-roles", List.of("roles")))),
                Optional.of(new Cache(10, 4096)));
    }

    private static TokenProvider with(
            TokenProvider p, Optional<StringMatcher> subjects, Lifetime lifetime) {
        return new TokenProvider(
                p.name(),
                p.issuer(),
                p.audiences(),
                subjects,
                lifetime,
                p.keys(),
                p.sources(),
                p.forwarding(),
                p.cache());
    }

    private final ManualClock clock = new ManualClock(NOW);

    private HttpFilter filter(List<TokenProvider> providers, Requirement requirement) {
        RouteMatchSpec api =
                new RouteMatchSpec(new PathMatch.Prefix("/api"), true, List.of(), List.of(), false);
        JwtSpec spec =
                new JwtSpec(
                        providers,
                        List.of(new JwtSpec.Rule(api, requirement)),
                        Map.of("named", requirement),
                        Preflight.PASSED);
        return new JwtFilter("jwt", spec, clock, JwtFilterTest::unfetched);
    }

    private HttpFilter ofOne(TokenProvider provider) {
        return filter(List.of(provider), new Requirement.Token(provider, List.of()));
    }

    private static FilterAnswer ask(
            HttpFilter filter, String method, String path, String... fields) {
        HeaderBlock headers = new HeaderBlock();
        for (int i = 0; i < fields.length; i += 2) {
            headers.add(fields[i], fields[i + 1]);
        }
        RequestHead head = new RequestHead(method, "http", "shop", path, headers);
        String bare = path.contains("?") ? path.substring(0, path.indexOf('?')) : path;
        return filter.onRequest(
                new FilterRequest(
                        new ExchangeView(head, bare, PEER),
                        RandomGenerator.getDefault(),
                        RuntimeValues.NONE,
                        view -> Optional.empty()));
    }

    private static FilterAnswer bearer(HttpFilter filter, String token) {
        return ask(filter, "GET", "/api", "authorization", "Bearer " + token);
    }

    private static String detail(FilterAnswer answer) {
        return answer instanceof FilterAnswer.Refuse refuse ? refuse.detail() : "passed";
    }

    private static HeaderBlock passed(FilterAnswer answer) {
        assertThat(answer).isInstanceOf(FilterAnswer.Continue.class);
        return ((FilterAnswer.Continue) answer).request().head().headers();
    }

    @Test
    void a_valid_token_is_taken_out_and_its_claims_are_shown() throws Exception {
        JWTClaimsSet claims =
                claims().claim("org", Map.of("team", 7)).claim("roles", List.of("a", "b")).build();

        HeaderBlock headers =
                passed(
                        ask(
                                ofOne(provider("issuer", RSA)),
                                "GET",
                                "/api",
                                "authorization",
                                "bearer " + signed(claims),
                                "x-user",
                                "mallory"));

        assertThat(headers.contains("authorization")).as("token upstream").isFalse();
        assertThat(headers.first("x-user")).hasToString("ann");
        assertThat(headers.first("x-team")).hasToString("7");
        assertThat(headers.first("x-roles")).hasToString("WyJhIiwiYiJd");
        assertThat(new Base64URL(String.valueOf(headers.first("x-claims"))).decodeToString())
                .contains("\"sub\":\"ann\"");
    }

    @Test
    void headers_that_only_tokens_set_are_taken_from_every_request() {
        HttpFilter filter = ofOne(provider("issuer", RSA));

        HeaderBlock headers = passed(ask(filter, "GET", "/free", "x-user", "root", "a", "1"));

        assertThat(headers).hasToString("a: 1\n");
    }

    @Test
    void a_missing_token_is_told_by_a_challenge() {
        FilterAnswer answer = ask(ofOne(provider("issuer", RSA)), "GET", "/api/x?q=1");

        FilterAnswer.Refuse refuse = (FilterAnswer.Refuse) answer;
        assertThat(refuse.refusal()).isEqualTo(Refusal.UNAUTHENTICATED);
        assertThat(refuse.detail()).isEqualTo("jwt_authn_access_denied{Jwt_is_missing}");
        assertThat(refuse.response().add().getFirst().literal())
                .isEqualTo("Bearer realm=\"http://shop/api/x\"");
    }

    @Test
    void an_expired_token_is_refused_after_the_skew_even_when_its_signature_is_cached()
            throws Exception {
        HttpFilter filter = ofOne(provider("issuer", RSA));
        String token = signed(claims().build());

        assertThat(detail(bearer(filter, token))).isEqualTo("passed");
        clock.advance(Duration.ofMinutes(11));
        assertThat(detail(bearer(filter, token))).as("within the skew").isEqualTo("passed");
        clock.advance(Duration.ofSeconds(1));

        FilterAnswer.Refuse refuse = (FilterAnswer.Refuse) bearer(filter, token);
        assertThat(refuse.detail()).contains("Jwt_is_expired");
        assertThat(refuse.response().add().getFirst().literal())
                .endsWith(", error=\"invalid_token\"");
    }

    @Test
    void each_claim_is_checked() throws Exception {
        TokenProvider base = provider("issuer", RSA);
        Lifetime hour =
                new Lifetime(
                        Expiration.REQUIRED,
                        Optional.of(Duration.ofMinutes(11)),
                        Duration.ofSeconds(60));
        TokenProvider strict =
                with(
                        base,
                        Optional.of(
                                new StringMatcher.Prefix(WireText.of("an"), LetterCase.SENSITIVE)),
                        hour);
        HttpFilter filter = ofOne(strict);

        assertThat(detail(bearer(filter, signed(claims().build())))).isEqualTo("passed");
        assertThat(detail(bearer(filter, signed(claims().subject("bob").build()))))
                .contains("subject");
        assertThat(detail(bearer(filter, signed(claims().subject(null).build()))))
                .contains("subject");
        assertThat(detail(bearer(filter, signed(claims().issuer("other").build()))))
                .contains("issuer_is_not_configured");
        assertThat(detail(bearer(filter, signed(claims().expirationTime(null).build()))))
                .contains("expiration_is_missing");
        assertThat(
                        detail(
                                bearer(
                                        filter,
                                        signed(
                                                claims().issueTime(Date.from(NOW.minusSeconds(120)))
                                                        .build()))))
                .contains("lifetime");
        assertThat(
                        detail(
                                bearer(
                                        filter,
                                        signed(
                                                claims().notBeforeTime(
                                                                Date.from(NOW.plusSeconds(61)))
                                                        .build()))))
                .contains("not_yet_valid");
        FilterAnswer audience = bearer(filter, signed(claims().audience("bank").build()));
        FilterAnswer.Refuse forbidden = (FilterAnswer.Refuse) audience;
        assertThat(forbidden.status()).as("wrong audience").isEqualTo(403);
        assertThat(forbidden.response().add())
                .as("what is said of the token, as of others")
                .singleElement()
                .satisfies(header -> {
                    assertThat(header.name()).isEqualTo("www-authenticate");
                    assertThat(header.literal()).endsWith("error=\"invalid_token\"");
                });
    }

    @Test
    void a_token_of_another_key_or_algorithm_is_refused() throws Exception {
        HttpFilter filter = ofOne(provider("issuer", RSA, EC));
        JWTClaimsSet claims = claims().build();
        RSAKey stranger = rsa("one");
        byte[] publicKey = RSA.toRSAPublicKey().getEncoded();
        String good = signed(claims);

        assertThat(
                        detail(
                                bearer(
                                        filter,
                                        signed(
                                                JWSAlgorithm.RS256,
                                                "one",
                                                new RSASSASigner(stranger),
                                                claims))))
                .contains("verification_fails");
        assertThat(
                        detail(
                                bearer(
                                        filter,
                                        signed(
                                                JWSAlgorithm.RS256,
                                                "two",
                                                new RSASSASigner(RSA),
                                                claims))))
                .contains("kid_or_alg");
        assertThat(
                        detail(
                                bearer(
                                        filter,
                                        signed(
                                                JWSAlgorithm.HS256,
                                                "one",
                                                new MACSigner(publicKey),
                                                claims))))
                .as("a public key taken for a secret")
                .contains("kid_or_alg");
        assertThat(
                        detail(
                                bearer(
                                        filter,
                                        signed(
                                                JWSAlgorithm.ES256,
                                                "curve",
                                                new ECDSASigner(EC),
                                                claims))))
                .isEqualTo("passed");
        assertThat(detail(bearer(filter, good.substring(0, good.lastIndexOf('.') + 1))))
                .as("no signature")
                .startsWith("jwt_authn_access_denied{");
        assertThat(detail(bearer(filter, "eyJhbGciOiJub25lIn0.e30.")))
                .as("alg none")
                .contains("not_in_the_form");
        assertThat(detail(bearer(filter, "a.b"))).contains("not_in_the_form");
    }

    @Test
    void ed25519_signatures_are_verified() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] encoded = pair.getPublic().getEncoded();
        byte[] x = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
        assertThat(pair.getPublic()).isInstanceOf(EdECPublicKey.class);
        OctetKeyPair key =
                new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(x)).keyID("ed").build();
        String head = Base64URL.encode("{\"alg\":\"EdDSA\",\"kid\":\"ed\"}").toString();
        String input = head + "." + Base64URL.encode(claims().build().toString());
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(pair.getPrivate());
        signature.update(input.getBytes(StandardCharsets.US_ASCII));
        String good = input + "." + Base64URL.encode(signature.sign());
        HttpFilter filter = ofOne(provider("issuer", key));

        assertThat(detail(bearer(filter, good))).isEqualTo("passed");
        assertThat(detail(bearer(filter, input + "." + Base64URL.encode(new byte[64]))))
                .contains("verification_fails");
    }

    @Test
    void every_token_of_a_request_must_be_valid() throws Exception {
        HttpFilter filter = ofOne(provider("issuer", RSA));
        String good = signed(claims().build());

        assertThat(
                        detail(
                                ask(
                                        filter,
                                        "GET",
                                        "/api?access_token=x.y.z",
                                        "authorization",
                                        "Bearer " + good)))
                .contains("not_in_the_form");
    }

    @Test
    void a_token_in_the_query_does_not_reach_the_upstream() throws Exception {
        FilterAnswer answer =
                ask(
                        ofOne(provider("issuer", RSA)),
                        "GET",
                        "/api?a=1&access_token=" + signed(claims().build()) + "&b=2");

        assertThat(((FilterAnswer.Continue) answer).request().target()).hasToString("/api?a=1&b=2");
    }

    @Test
    void any_and_all_and_lenient_requirements_are_as_in_envoy() throws Exception {
        TokenProvider one = provider("issuer", RSA);
        TokenProvider two = provider("other", EC);
        Requirement first = new Requirement.Token(one, List.of());
        Requirement second = new Requirement.Token(two, List.of());
        List<TokenProvider> both = List.of(one, two);
        String good = signed(claims().build());
        String foreign = signed(claims().issuer("nobody").build());
        String old = signed(claims().expirationTime(Date.from(NOW.minusSeconds(999))).build());
        HttpFilter any = filter(both, new Requirement.Any(List.of(second, first)));
        HttpFilter all = filter(both, new Requirement.All(List.of(first, second)));
        HttpFilter missing = filter(both, new Requirement.MissingAllowed());
        HttpFilter failure = filter(both, new Requirement.FailureAllowed());
        HttpFilter anyOrNone =
                filter(both, new Requirement.Any(List.of(first, new Requirement.MissingAllowed())));
        HttpFilter anyOrFailed =
                filter(both, new Requirement.Any(List.of(first, new Requirement.FailureAllowed())));

        assertThat(detail(bearer(any, good))).isEqualTo("passed");
        assertThat(detail(bearer(any, old))).as("graver fault").contains("expired");
        assertThat(detail(bearer(any, foreign))).contains("issuer_is_not_configured");
        assertThat(detail(bearer(all, good))).contains("issuer_is_not_configured");
        assertThat(detail(ask(missing, "GET", "/api"))).isEqualTo("passed");
        assertThat(detail(bearer(missing, good))).isEqualTo("passed");
        assertThat(detail(bearer(missing, old))).contains("expired");
        assertThat(detail(bearer(missing, foreign))).contains("issuer_is_not_configured");
        assertThat(passed(bearer(missing, good)).first("x-user")).hasToString("ann");
        assertThat(((FilterAnswer.Continue) bearer(failure, old)).events()).hasSize(1);
        assertThat(detail(ask(anyOrNone, "GET", "/api"))).isEqualTo("passed");
        assertThat(detail(bearer(anyOrNone, foreign))).isEqualTo("passed");
        assertThat(detail(bearer(anyOrNone, old))).contains("expired");
        assertThat(detail(bearer(anyOrFailed, old))).isEqualTo("passed");
    }

    @Test
    void two_tokens_can_both_be_asked_for() throws Exception {
        TokenProvider one = provider("issuer", RSA);
        TokenProvider loose =
                new TokenProvider(
                        "loose",
                        Optional.empty(),
                        List.of(),
                        Optional.empty(),
                        one.lifetime(),
                        one.keys(),
                        one.sources(),
                        one.forwarding(),
                        Optional.empty());
        HttpFilter filter =
                filter(
                        List.of(one, loose),
                        new Requirement.All(
                                List.of(
                                        new Requirement.Token(one, List.of("shop")),
                                        new Requirement.Token(loose, List.of()))));

        assertThat(detail(bearer(filter, signed(claims().build()))))
                .as("the second is found although the first was taken out")
                .isEqualTo("passed");
    }

    @Test
    void a_preflight_request_passes_without_a_token() {
        HttpFilter filter = ofOne(provider("issuer", RSA));

        assertThat(
                        detail(
                                ask(
                                        filter,
                                        "OPTIONS",
                                        "/api",
                                        "origin",
                                        "http://a",
                                        "access-control-request-method",
                                        "PUT")))
                .isEqualTo("passed");
        assertThat(detail(ask(filter, "OPTIONS", "/api"))).contains("missing");
    }

    @Test
    void a_route_can_ask_for_a_requirement_by_name() {
        TokenProvider one = provider("issuer", RSA);
        HttpFilterSpec.Jwt spec =
                new HttpFilterSpec.Jwt(
                        new JwtSpec(
                                List.of(one),
                                List.of(),
                                Map.of("strict", new Requirement.Token(one, List.of())),
                                Preflight.CHECKED));

        assertThat(
                        detail(
                                ask(
                                        new JwtFilter(
                                                "j", spec.spec(), clock, JwtFilterTest::unfetched),
                                        "GET",
                                        "/x")))
                .isEqualTo("passed");
        assertThat(
                        detail(
                                ask(
                                        new JwtFilter(
                                                "j",
                                                spec.requiring("strict").spec(),
                                                clock,
                                                JwtFilterTest::unfetched),
                                        "GET",
                                        "/x")))
                .contains("missing");
        assertThat(
                        detail(
                                ask(
                                        new JwtFilter(
                                                "j",
                                                spec.requiring("lost").spec(),
                                                clock,
                                                JwtFilterTest::unfetched),
                                        "GET",
                                        "/x")))
                .contains("Wrong_requirement_name");
    }
}
