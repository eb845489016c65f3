package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Request;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.RawHttp1Client;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tokens whose keys are fetched from their provider. */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class RemoteJwksIT {
    private static final OctetSequenceKey KEY = key("one");
    private static final String SET = new JWKSet(KEY).toString(/* publicKeysOnly= */ false);

    private final H1Upstream app = H1Upstream.start(request -> H1Answer.ok("hello"));

    @AfterEach
    void closeApp() {
        app.close();
    }

    private static OctetSequenceKey key(String id) {
        try {
            return new OctetSequenceKeyGenerator(256).keyID(id).generate();
        } catch (JOSEException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static String token(OctetSequenceKey key, String issuer) throws JOSEException {
        SignedJWT token =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(key.getKeyID()).build(),
                        new JWTClaimsSet.Builder().issuer(issuer).subject("ann").build());
        token.sign(new MACSigner(key));
        return "Bearer " + token.serialize();
    }

    private RunningProxy start(H1Upstream issuer, String more) {
        String filter =
                """
                - name: envoy.filters.http.jwt_authn
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication
                    providers:
                      p:
                        issuer: i
                        remote_jwks:
                          http_uri: {uri: "https://issuer.example/keys?v=1", cluster: issuer, timeout: 20s}
                          %s
                    rules: [{match: {prefix: /}, requires: {provider_name: p}}]
                """
                        .formatted(more);
        return RunningProxy.start(
                1,
                Yaml.withFilters(
                        filter,
                        Yaml.bootstrap(
                                Yaml.routeTo("app"),
                                Yaml.cluster("app", app.port()),
                                Yaml.cluster("issuer", issuer.port()))));
    }

    private static H1Upstream issuer(Function<H1Request, H1Answer> script) {
        return H1Upstream.start(script);
    }

    private static String post(String token) {
        return "POST / HTTP/1.1\r\nhost: h\r\nauthorization: "
                + token
                + "\r\ncontent-length: 1\r\n\r\na";
    }

    private static int status(RunningProxy proxy, String token) throws Exception {
        return RawHttp1Client.get(proxy.port(), "/", "authorization", token).status();
    }

    @Test
    void keys_are_fetched_once_and_used_for_the_requests_that_follow() throws Exception {
        try (H1Upstream issuer = issuer(request -> H1Answer.ok(SET));
                RunningProxy proxy = start(issuer, "")) {
            int foreign = status(proxy, token(KEY, "another"));
            assertThat(issuer.received()).as("fetches for a token of another issuer").isEmpty();

            assertThat(status(proxy, token(KEY, "i"))).as("valid").isEqualTo(200);
            assertThat(status(proxy, token(KEY, "i"))).as("again").isEqualTo(200);
            assertThat(status(proxy, token(key("one"), "i"))).as("forged").isEqualTo(401);
            assertThat(foreign).as("of another issuer").isEqualTo(401);
            assertThat(issuer.received()).as("fetches").hasSize(1);
            H1Request fetch = issuer.received().getFirst();
            assertThat(fetch.method() + " " + fetch.target()).isEqualTo("GET /keys?v=1");
            assertThat(fetch.headers().first("host")).contains("issuer.example");
        }
    }

    @Test
    void requests_that_come_while_keys_are_fetched_wait_for_that_fetch() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (H1Upstream issuer = issuer(request -> H1Answer.ok(SET).after(release));
                RunningProxy proxy = start(issuer, "");
                RawHttp1Client one = RawHttp1Client.connect(proxy.port());
                RawHttp1Client two = RawHttp1Client.connect(proxy.port())) {
            one.send(post(token(KEY, "i")));
            two.send(post(token(KEY, "i")));
            H1Request fetch = issuer.next();
            assertThat(app.received()).as("requests before there are keys").isEmpty();
            release.countDown();
            H1Response first = one.readResponse();
            H1Response second = two.readResponse();

            assertThat(fetch.method()).isEqualTo("GET");
            assertThat(first.status()).as("first").isEqualTo(200);
            assertThat(second.status()).as("second").isEqualTo(200);
            assertThat(issuer.received()).as("fetches").hasSize(1);
        }
    }

    @Test
    void a_provider_that_gives_no_keys_makes_every_token_invalid() throws Exception {
        try (H1Upstream issuer = issuer(request -> H1Answer.status(500));
                RunningProxy proxy = start(issuer, "")) {
            H1Response answer =
                    RawHttp1Client.get(proxy.port(), "/", "authorization", token(KEY, "i"));

            assertThat(answer.status()).as("status").isEqualTo(401);
            assertThat(answer.headers().first("www-authenticate").orElseThrow())
                    .endsWith("error=\"invalid_token\"");
            assertThat(proxy.nextRecord().details()).contains("Jwks_remote_fetch_is_failed");
            assertThat(app.received()).as("requests upstream").isEmpty();
        }
    }

    @Test
    void a_listener_opens_with_the_keys_that_it_fetches_ahead() throws Exception {
        try (H1Upstream issuer = issuer(request -> H1Answer.ok(SET));
                RunningProxy proxy = start(issuer, "async_fetch: {}")) {
            assertThat(issuer.received()).as("fetches before any request").hasSize(1);
            assertThat(status(proxy, token(KEY, "i"))).isEqualTo(200);
            assertThat(issuer.received()).as("fetches after it").hasSize(1);
        }
    }
}
