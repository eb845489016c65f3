package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.FilterEvent;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** HTTP filters between route and upstream: access rules, rate limits, health probes. */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class FilterIT {
    private static final String TYPE = "type.googleapis.com/envoy.extensions.filters.http.";

    private static final String ADMINS_ONLY =
            """
            - name: envoy.filters.http.rbac
              typed_config:
                "@type": %srbac.v3.RBAC
                rules:
                  action: DENY
                  policies:
                    no-admin:
                      permissions: [{url_path: {path: {prefix: /admin}}}]
                      principals: [{not_id: {header: {name: x-role, string_match: {exact: admin}}}}]
            """
                    .formatted(TYPE);

    private static String limit(int tokens, String more) {
        return """
        - name: envoy.filters.http.local_ratelimit
          typed_config:
            "@type": %slocal_ratelimit.v3.LocalRateLimit
            stat_prefix: limit
            token_bucket: {max_tokens: %d, tokens_per_fill: 1, fill_interval: 1000s}
            filter_enabled: {default_value: {numerator: 100}}
            filter_enforced: {default_value: {numerator: 100}}
            %s
        """
                .formatted(TYPE, tokens, more);
    }

    @Test
    void a_denied_request_is_403_and_an_allowed_one_reaches_the_upstream() throws Exception {
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("hello"));
                RunningProxy proxy = start(ADMINS_ONLY, Yaml.routeTo("app"), upstream)) {
            H1Response denied = RawHttp1Client.get(proxy.port(), "/admin/x");
            ExchangeRecord record = proxy.nextRecord();
            H1Response allowed = RawHttp1Client.get(proxy.port(), "/admin/x", "x-role", "admin");

            assertThat(denied.status()).as("status of the denied").isEqualTo(403);
            assertThat(record.flags()).as("flags, as in Envoy").isEmpty();
            assertThat(record.details())
                    .as("details")
                    .contains("rbac_access_denied_matched_policy[no-admin]");
            assertThat(allowed.body().text()).as("answer to the allowed").isEqualTo("hello");
            assertThat(upstream.received()).as("requests upstream").hasSize(1);
        }
    }

    @Test
    void access_rules_see_the_path_that_the_upstream_gets() throws Exception {
        String normalized =
                Yaml.withFilters(
                                ADMINS_ONLY.replace(
                                        "{url_path: {path: {prefix: /admin}}}",
                                        "{header: {name: ':path', string_match: {prefix: /admin}}}"),
                                Yaml.bootstrap(
                                        "- {match: {prefix: /}, direct_response: {status: 200}}\n"))
                        .replaceFirst(
                                "( *)stat_prefix: main",
                                "$1stat_prefix: main\n$1normalize_path: true");
        try (RunningProxy proxy = RunningProxy.start(1, normalized)) {
            assertThat(RawHttp1Client.get(proxy.port(), "/x/../%61dmin").status())
                    .as("status of a disguised path")
                    .isEqualTo(403);
            assertThat(RawHttp1Client.get(proxy.port(), "/x").status())
                    .as("status of another path")
                    .isEqualTo(200);
        }
    }

    @Test
    void a_route_may_turn_access_rules_off_or_have_its_own() throws Exception {
        String routes =
                """
                - match: {prefix: /admin/free}
                  direct_response: {status: 200}
                  typed_per_filter_config:
                    envoy.filters.http.rbac:
                      "@type": type.googleapis.com/envoy.config.route.v3.FilterConfig
                      disabled: true
                - match: {prefix: /closed}
                  direct_response: {status: 200}
                  typed_per_filter_config:
                    envoy.filters.http.rbac:
                      "@type": %srbac.v3.RBACPerRoute
                      rbac: {rules: {action: ALLOW}}
                - {match: {prefix: /}, direct_response: {status: 200}}
                """
                        .formatted(TYPE);
        try (RunningProxy proxy =
                RunningProxy.start(1, Yaml.withFilters(ADMINS_ONLY, Yaml.bootstrap(routes)))) {
            assertThat(RawHttp1Client.get(proxy.port(), "/admin/free").status()).isEqualTo(200);
            assertThat(RawHttp1Client.get(proxy.port(), "/closed").status()).isEqualTo(403);
            assertThat(RawHttp1Client.get(proxy.port(), "/open").status()).isEqualTo(200);
        }
    }

    @Test
    void shadow_rules_are_counted_and_obeyed_by_nobody() throws Exception {
        String shadow = ADMINS_ONLY.replace("    rules:", "    shadow_rules:");
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("hello"));
                RunningProxy proxy = start(shadow, Yaml.routeTo("app"), upstream)) {
            H1Response answer = RawHttp1Client.get(proxy.port(), "/admin/x");

            assertThat(answer.status()).as("status").isEqualTo(200);
            assertThat(proxy.nextRecord().filterEvents())
                    .as("events")
                    .containsExactly(
                            new FilterEvent(
                                    "envoy.filters.http.rbac", FilterEvent.Kind.SHADOW_DENIED));
        }
    }

    @Test
    void access_rules_come_before_the_answer_that_there_is_no_route() throws Exception {
        String route = "- {match: {path: /known}, direct_response: {status: 200}}\n";
        try (RunningProxy proxy =
                RunningProxy.start(1, Yaml.withFilters(ADMINS_ONLY, Yaml.bootstrap(route)))) {
            assertThat(RawHttp1Client.get(proxy.port(), "/admin").status()).isEqualTo(403);
            assertThat(RawHttp1Client.get(proxy.port(), "/other").status()).isEqualTo(404);
        }
    }

    @Test
    void a_request_over_the_limit_is_429_with_flag_rl() throws Exception {
        String filter =
                limit(
                        2,
                        """
                        enable_x_ratelimit_headers: DRAFT_VERSION_03
                            response_headers_to_add: [{header: {key: x-limited, value: "yes"}}]
                        """);
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("hello"));
                RunningProxy proxy = start(filter, Yaml.routeTo("app"), upstream)) {
            H1Response first = RawHttp1Client.get(proxy.port(), "/");
            H1Response second = RawHttp1Client.get(proxy.port(), "/");
            H1Response third = RawHttp1Client.get(proxy.port(), "/");
            proxy.nextRecord();
            proxy.nextRecord();

            assertThat(first.headers().first("x-ratelimit-remaining")).hasValue("1");
            assertThat(second.headers().first("x-ratelimit-remaining")).hasValue("0");
            assertThat(third.status()).as("status over the limit").isEqualTo(429);
            assertThat(third.headers().first("x-ratelimit-limit")).hasValue("2");
            assertThat(third.headers().first("x-limited")).hasValue("yes");
            assertThat(proxy.nextRecord().flags()).containsExactly(ResponseFlag.RATE_LIMITED);
        }
    }

    @Test
    void a_swap_that_leaves_the_limit_alone_leaves_its_tokens_alone() throws Exception {
        String before = "- {match: {prefix: /}, direct_response: {status: 200}}\n";
        String after = "- {match: {prefix: /}, direct_response: {status: 201}}\n";
        try (RunningProxy proxy =
                RunningProxy.start(2, Yaml.withFilters(limit(1, ""), Yaml.bootstrap(before)))) {
            assertThat(RawHttp1Client.get(proxy.port(), "/").status()).isEqualTo(200);
            proxy.swap(2, Yaml.withFilters(limit(1, ""), Yaml.bootstrap(after)));
            assertThat(RawHttp1Client.get(proxy.port(), "/").status()).isEqualTo(429);
            proxy.swap(3, Yaml.withFilters(limit(5, ""), Yaml.bootstrap(after)));
            assertThat(RawHttp1Client.get(proxy.port(), "/").status()).isEqualTo(201);
        }
    }

    @Test
    void a_limited_grpc_call_gets_its_status_in_the_head() throws Exception {
        String filter = limit(1, "rate_limited_as_resource_exhausted: true");
        String route = "- {match: {prefix: /}, direct_response: {status: 200}}\n";
        try (RunningProxy proxy =
                        RunningProxy.start(1, Yaml.withFilters(filter, Yaml.bootstrap(route)));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            client.exchange("GET", "/", Headers.NONE, Body.EMPTY);
            H1Response answer =
                    client.exchange(
                            "POST",
                            "/shop.Orders/Get",
                            Headers.of("content-type", "application/grpc"),
                            Body.EMPTY);

            assertThat(answer.status()).as("status").isEqualTo(200);
            assertThat(answer.headers().first("grpc-status")).as("grpc-status").hasValue("8");
        }
    }

    @Test
    void a_probe_is_answered_by_the_proxy() throws Exception {
        String filter =
                """
                - name: envoy.filters.http.health_check
                  typed_config:
                    "@type": %shealth_check.v3.HealthCheck
                    pass_through_mode: false
                    headers: [{name: ':path', string_match: {exact: /healthz}}]
                """
                        .formatted(TYPE);
        String route = "- {match: {prefix: /}, direct_response: {status: 203}}\n";
        try (RunningProxy proxy =
                        RunningProxy.start(1, Yaml.withFilters(filter, Yaml.bootstrap(route)));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            H1Response healthy = client.exchange("GET", "/healthz", Headers.NONE, Body.EMPTY);
            H1Response other = client.exchange("GET", "/other", Headers.NONE, Body.EMPTY);

            assertThat(healthy.status()).as("probe").isEqualTo(200);
            assertThat(other.status()).as("no probe").isEqualTo(203);
        }
    }

    private static RunningProxy start(String filters, String routes, H1Upstream upstream) {
        return RunningProxy.start(
                1,
                Yaml.withFilters(
                        filters, Yaml.bootstrap(routes, Yaml.cluster("app", upstream.port()))));
    }

    @Test
    void a_token_is_asked_for_and_its_claims_reach_the_upstream() throws Exception {
        OctetSequenceKey key = new OctetSequenceKeyGenerator(256).keyID("k").generate();
        SignedJWT token =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("k").build(),
                        new JWTClaimsSet.Builder().issuer("i").subject("ann").build());
        token.sign(new MACSigner(key));
        String filter =
                """
                - name: envoy.filters.http.jwt_authn
                  typed_config:
                    "@type": %sjwt_authn.v3.JwtAuthentication
                    providers:
                      p:
                        issuer: i
                        local_jwks: {inline_string: '%s'}
                        claim_to_headers: [{header_name: x-user, claim_name: sub}]
                    rules: [{match: {prefix: /}, requires: {provider_name: p}}]
                """
                        .formatted(TYPE, new JWKSet(key).toString(/* publicKeysOnly= */ false));
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("hello"));
                RunningProxy proxy = start(filter, Yaml.routeTo("app"), upstream)) {
            H1Response without = RawHttp1Client.get(proxy.port(), "/", "x-user", "root");
            H1Response with =
                    RawHttp1Client.get(
                            proxy.port(), "/", "authorization", "Bearer " + token.serialize());

            assertThat(without.status()).as("status without a token").isEqualTo(401);
            assertThat(without.headers().first("www-authenticate"))
                    .as("challenge")
                    .hasValueSatisfying(text -> assertThat(text).startsWith("Bearer realm="));
            assertThat(with.body().text()).as("answer to a valid token").isEqualTo("hello");
            assertThat(upstream.received()).as("requests upstream").hasSize(1);
            assertThat(upstream.received().getFirst().headers().first("x-user")).contains("ann");
            assertThat(upstream.received().getFirst().headers().first("authorization")).isEmpty();
        }
    }
}
