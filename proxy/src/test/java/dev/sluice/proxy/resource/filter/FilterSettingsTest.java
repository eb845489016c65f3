package dev.sluice.proxy.resource.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.BootstrapReader;
import dev.sluice.proxy.resource.BootstrapSpec;
import dev.sluice.proxy.snapshot.filter.AdaptiveConcurrencySpec;
import dev.sluice.proxy.snapshot.filter.HttpFaultSpec;
import dev.sluice.proxy.snapshot.filter.HttpFilterSpec;
import dev.sluice.proxy.snapshot.filter.HttpFilterSpec.Initially;
import dev.sluice.proxy.snapshot.filter.HttpFilterSpec.RouteOverride;
import dev.sluice.proxy.snapshot.filter.JwtSpec;
import dev.sluice.proxy.snapshot.filter.JwtSpec.ClaimHeader;
import dev.sluice.proxy.snapshot.filter.JwtSpec.Requirement;
import dev.sluice.proxy.snapshot.filter.JwtSpec.Source;
import dev.sluice.proxy.snapshot.filter.JwtSpec.TokenProvider;
import dev.sluice.proxy.snapshot.filter.LocalRateLimitSpec;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.RouteSource;
import dev.sluice.proxy.snapshot.route.RouteSpec;
import dev.sluice.proxy.snapshot.runtime.RuntimeFlag;
import dev.sluice.proxy.snapshot.runtime.RuntimeShare;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class FilterSettingsTest {
    private static final String FILTERS = "type.googleapis.com/envoy.extensions.filters.http.";

    private static String bootstrap(String filters, String perRoute) {
        return """
        {static_resources: {listeners: [{name: l,
          address: {socket_address: {address: 127.0.0.1, port_value: 0}},
          filter_chains: [{filters: [{name: hcm, typed_config: {
            "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager,
            stat_prefix: s,
            http_filters: [%s, {name: router, typed_config: {"@type": %srouter.v3.Router}}],
            route_config: {virtual_hosts: [{name: v, domains: ["*"], routes: [
              {match: {prefix: /}, direct_response: {status: 200}, typed_per_filter_config: {%s}}]}]}}}]}]}]}}
        """
                .formatted(filters, FILTERS, perRoute);
    }

    private static HttpConnectionManagerSpec read(String filters, String perRoute) {
        BootstrapSpec spec = BootstrapReader.read(bootstrap(filters, perRoute), "b.yaml").orThrow();
        return (HttpConnectionManagerSpec) spec.listeners().getFirst().chains().getFirst().filter();
    }

    private static List<Problem> problems(String filters, String perRoute) {
        return switch (BootstrapReader.read(bootstrap(filters, perRoute), "b.yaml")) {
            case Parsed.Ok<BootstrapSpec> ok -> List.of();
            case Parsed.Refused<BootstrapSpec>(List<Problem> problems) -> problems;
        };
    }

    private static RouteSpec route(HttpConnectionManagerSpec http) {
        return ((RouteSource.Inline) http.routes())
                .routes()
                .virtualHosts()
                .getFirst()
                .routes()
                .getFirst();
    }

    @Test
    void an_adaptive_concurrency_limit_has_the_defaults_of_envoy() {
        String config =
                "{name: a, typed_config: {\"@type\": %sadaptive_concurrency.v3.AdaptiveConcurrency, gradient_controller_config: {concurrency_limit_params: {concurrency_update_interval: 0.1s}, min_rtt_calc_params: {interval: 60s}}}}"
                        .formatted(FILTERS);

        assertThat(read(config, "").filters())
                .extracting(HttpFilterSpec.Named::spec)
                .containsExactly(
                        new HttpFilterSpec.AdaptiveConcurrency(
                                new AdaptiveConcurrencySpec(
                                        RuntimeFlag.ON,
                                        0.5,
                                        1_000,
                                        Duration.ofMillis(100),
                                        new AdaptiveConcurrencySpec.Minimum.Measured(
                                                Duration.ofSeconds(60), 50, 0.15),
                                        3,
                                        0.25,
                                        503)));
    }

    @Test
    void every_mistake_of_an_adaptive_concurrency_limit_is_told() {
        String config =
                "{name: a, typed_config: {\"@type\": %sadaptive_concurrency.v3.AdaptiveConcurrency, gradient_controller_config: {sample_aggregate_percentile: {value: 101}, concurrency_limit_params: {max_concurrency_limit: 2}, min_rtt_calc_params: {min_concurrency: 3, buffer: {value: -1}}}}}"
                        .formatted(FILTERS);

        assertThat(problems(config, ""))
                .extracting(problem ->
                        problem.path().substring(problem.path().indexOf("gradient_") + 27))
                .containsExactlyInAnyOrder(
                        "sample_aggregate_percentile",
                        "concurrency_limit_params.concurrency_update_interval",
                        "min_rtt_calc_params",
                        "min_rtt_calc_params.buffer",
                        "min_rtt_calc_params.min_concurrency");
    }

    @Test
    void a_limit_that_says_no_share_is_off_as_in_envoy() {
        HttpConnectionManagerSpec http =
                read(
                        "{name: limit, typed_config: {\"@type\": "
                                + FILTERS
                                + "local_ratelimit.v3.LocalRateLimit, stat_prefix: l,"
                                + " token_bucket: {max_tokens: 5, fill_interval: 1s}}}",
                        "");
        LocalRateLimitSpec limit =
                ((HttpFilterSpec.LocalRateLimit) http.filters().getFirst().spec()).limit();

        assertThat(limit.enabled()).as("share that is asked").isEqualTo(RuntimeShare.NONE);
        assertThat(limit.refusal().status()).as("status").isEqualTo(429);
        assertThat(limit.bucket().perFill()).as("tokens per fill").isEqualTo(1);
    }

    @Test
    void a_listener_may_leave_limits_to_its_routes_and_a_route_may_not() {
        String limit =
                "{\"@type\": "
                        + FILTERS
                        + "local_ratelimit.v3.LocalRateLimit, stat_prefix: l,"
                        + " filter_enabled: {default_value: {numerator: 100}}}";
        HttpConnectionManagerSpec http = read("{name: limit, typed_config: " + limit + "}", "");

        assertThat(
                        ((HttpFilterSpec.LocalRateLimit) http.filters().getFirst().spec())
                                .limit()
                                .enabled())
                .as("share that is asked")
                .isEqualTo(RuntimeShare.NONE);
        assertThat(problems("{name: limit, typed_config: " + limit + "}", "limit: " + limit))
                .extracting(problem -> problem.expected())
                .containsExactly("token_bucket");
    }

    @Test
    void a_disabled_filter_is_read_so_that_a_route_can_turn_it_on() {
        HttpConnectionManagerSpec http =
                read(
                        "{name: rbac, disabled: true, typed_config: {\"@type\": "
                                + FILTERS
                                + "rbac.v3.RBAC}}",
                        "rbac: {\"@type\": " + FILTERS + "rbac.v3.RBACPerRoute, rbac: {}}");

        assertThat(http.filters().getFirst().initially()).isEqualTo(Initially.OFF);
        assertThat(route(http).filters().get("rbac")).isInstanceOf(RouteOverride.Settings.class);
    }

    @Test
    void every_mistake_of_an_access_rule_is_told_with_its_place() {
        List<Problem> problems =
                problems(
                        "{name: rbac, typed_config: {\"@type\": "
                                + FILTERS
                                + "rbac.v3.RBAC, rules: {policies: {p: {"
                                + "permissions: [{destination_port: 70000}, {metadata: {filter: x,"
                                + " path: [{key: y}]}}],"
                                + "principals: [{remote_ip: {address_prefix: host.example}},"
                                + " {any: false}, {not_id: {}}]}}}}}",
                        "");

        assertThat(problems)
                .extracting(Problem::path)
                .as("places")
                .anyMatch(path -> path.endsWith("permissions[0].destination_port"))
                .anyMatch(path -> path.endsWith("permissions[1].metadata"))
                .anyMatch(path -> path.endsWith("principals[0].remote_ip.address_prefix"))
                .anyMatch(path -> path.endsWith("principals[1].any"))
                .anyMatch(path -> path.endsWith("principals[2].not_id"));
    }

    @Test
    void settings_of_a_filter_that_is_not_known_are_refused_unless_optional() {
        String cors = "cors: {\"@type\": type.googleapis.com/foo.Bar}";
        assertThat(problems(grpcStats(), cors)).as("problems").hasSize(1);
        String optional =
                "cors: {\"@type\": type.googleapis.com/envoy.config.route.v3.FilterConfig,"
                        + " is_optional: true, config: {\"@type\":"
                        + " type.googleapis.com/xds.type.v3.TypedStruct, type_url:"
                        + " type.googleapis.com/foo.Bar, value: {}}}";
        assertThat(problems(grpcStats(), optional)).as("problems of an optional one").isEmpty();
    }

    @Test
    void a_filter_that_only_counts_is_accepted() {
        assertThat(read(grpcStats(), "").filters()).as("filters that do something").isEmpty();
    }

    private static String grpcStats() {
        return "{name: stats, typed_config: {\"@type\":"
                + " type.googleapis.com/xds.type.v3.TypedStruct, type_url: "
                + FILTERS
                + "grpc_stats.v3.FilterConfig, value: {}}}";
    }

    private static final String KEYS =
            "'{\"keys\": [{\"kty\": \"oct\", \"kid\": \"k\", \"k\":"
                    + " \"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0\"}]}'";

    private static String jwt(String settings) {
        return "{name: jwt, typed_config: {\"@type\": %sjwt_authn.v3.JwtAuthentication, %s}}"
                .formatted(FILTERS, settings);
    }

    @Test
    void the_settings_of_the_jwt_filter_are_read() {
        HttpConnectionManagerSpec http =
                read(
                        jwt(
                                """
                                providers: {p: {issuer: i, audiences: [a], local_jwks: {inline_string: %s},
                                  from_headers: [{name: X-Token}], from_cookies: [c],
                                  claim_to_headers: [{header_name: X-User, claim_name: a.b}]}},
                                requirement_map: {strict: {provider_name: p}},
                                rules: [{match: {prefix: /a}, requirement_name: strict},
                                  {match: {prefix: /}, requires: {requires_any: {requirements: [
                                    {provider_and_audiences: {provider_name: p, audiences: [b]}}, {allow_missing: {}}]}}}]
                                """
                                        .formatted(KEYS)),
                        "jwt: {\"@type\": %sjwt_authn.v3.PerRouteConfig, requirement_name: strict}"
                                .formatted(FILTERS));

        JwtSpec spec = ((HttpFilterSpec.Jwt) http.filters().getFirst().spec()).spec();
        TokenProvider provider = spec.providers().getFirst();
        assertThat(provider.sources())
                .containsExactly(new Source.Header("x-token", ""), new Source.Cookie("c"));
        assertThat(provider.lifetime().skew()).as("default skew").hasSeconds(60);
        assertThat(provider.forwarding().claims())
                .containsExactly(new ClaimHeader("x-user", List.of("a", "b")));
        Requirement strict = new Requirement.Token(provider, List.of());
        assertThat(spec.named()).containsEntry("strict", strict);
        assertThat(spec.rules().stream().map(JwtSpec.Rule::requirement))
                .containsExactly(
                        strict,
                        new Requirement.Any(
                                List.of(
                                        new Requirement.Token(provider, List.of("b")),
                                        new Requirement.MissingAllowed())));
        assertThat(route(http).filters())
                .containsEntry("jwt", new RouteOverride.Requirement("strict"));
    }

    @Test
    void every_mistake_in_the_jwt_filter_is_told() {
        assertThat(
                        problems(
                                jwt(
                                        """
                                        providers: {none: {}, text: {local_jwks: {inline_string: "x"}},
                                          weak: {local_jwks: {inline_string: '{"keys": []}'}},
                                          far: {remote_jwks: {http_uri: {uri: "k", cluster: c},
                                            retry_policy: {retry_back_off: {base_interval: 2s, max_interval: 1s}}}},
                                          name: {local_jwks: {inline_string: %s}, claim_to_headers: [{header_name: ":path"}]}}
                                        """
                                                .formatted(KEYS)),
                                ""))
                .extracting(Problem::path)
                .satisfies(paths ->
                        assertThat(String.join("\n", paths))
                                .contains("none", "text", "weak")
                                .contains("remote_jwks.http_uri.uri")
                                .contains("remote_jwks.http_uri.timeout")
                                .contains("remote_jwks.retry_policy.retry_back_off.max_interval")
                                .contains("claim_name", "header_name"));
        assertThat(
                        problems(
                                jwt(
                                        """
                                        providers: {p: {local_jwks: {inline_string: %s}}},
                                        rules: [{match: {prefix: /}, requires: {provider_name: q}},
                                          {match: {prefix: /}, requirement_name: lost},
                                          {match: {prefix: /}, requires: {requires_all: {requirements: [{provider_name: p}]}}}]
                                        """
                                                .formatted(KEYS)),
                                ""))
                .extracting(Problem::got)
                .anyMatch(got -> got.contains("q"))
                .anyMatch(got -> got.contains("lost"))
                .anyMatch(got -> got.contains("1 requirements"));
    }

    private static String fault(String settings) {
        return "{name: fault, typed_config: {\"@type\": "
                + FILTERS
                + "fault.v3.HTTPFault, "
                + settings
                + "}}";
    }

    private static HttpFaultSpec readFault(String settings) {
        return ((HttpFilterSpec.Fault) read(fault(settings), "").filters().getFirst().spec())
                .spec();
    }

    @Test
    void faults_are_read_with_all_that_bounds_them() {
        HttpFaultSpec spec =
                readFault(
                        """
                        delay: {fixed_delay: 2s, percentage: {numerator: 7, denominator: TEN_THOUSAND}},
                        abort: {grpc_status: 5, percentage: {numerator: 200}},
                        response_rate_limit: {fixed_limit: {limit_kbps: 3}, percentage: {numerator: 9, denominator: MILLION}},
                        upstream_cluster: c, downstream_nodes: [n], max_active_faults: 4,
                        headers: [{name: x-a, present_match: true}]
                        """);

        assertThat(spec.delay().orElseThrow())
                .isEqualTo(
                        new HttpFaultSpec.Delay(
                                Optional.of(Duration.ofSeconds(2)),
                                new HttpFaultSpec.Share(7, 100)));
        assertThat(spec.abort().orElseThrow().answer()).contains(new HttpFaultSpec.Answer.Grpc(5));
        assertThat(spec.abort().orElseThrow().share().ppm()).isEqualTo(PartsPerMillion.ALL);
        assertThat(spec.rate().orElseThrow())
                .isEqualTo(
                        new HttpFaultSpec.Rate(OptionalLong.of(3), new HttpFaultSpec.Share(9, 1)));
        assertThat(spec.scope().cluster()).isEqualTo("c");
        assertThat(spec.scope().nodes()).containsExactly("n");
        assertThat(spec.scope().headers()).hasSize(1);
        assertThat(spec.mostActive()).hasValue(4);
    }

    @Test
    void faults_that_say_nothing_and_those_by_header_are_read() {
        HttpFaultSpec byHeader =
                readFault(
                        "delay: {header_delay: {}}, abort: {header_abort: {}},"
                                + " response_rate_limit: {header_limit: {}}");

        assertThat(readFault("max_active_faults: 1").isIdle()).as("nothing is injected").isTrue();
        assertThat(byHeader.isIdle()).as("by header").isFalse();
        assertThat(byHeader.delay().orElseThrow().fixed()).isEmpty();
        assertThat(byHeader.abort().orElseThrow().answer()).isEmpty();
        assertThat(byHeader.rate().orElseThrow().kibPerSecond()).isEmpty();
        assertThat(byHeader.rate().orElseThrow().share().ppm())
                .as("a share that is not written")
                .isEqualTo(PartsPerMillion.NONE);
    }

    @Test
    void every_wrong_fault_is_named_with_its_place() {
        assertThat(
                        problems(
                                fault(
                                        "delay: {fixed_delay: 0s}, abort: {http_status: 600},"
                                                + " response_rate_limit: {fixed_limit: {}}"),
                                ""))
                .extracting(problem -> problem.path().replaceFirst(".*typed_config\\.", ""))
                .containsExactly(
                        "delay.fixed_delay",
                        "abort.http_status",
                        "response_rate_limit.fixed_limit.limit_kbps");
        assertThat(problems(fault("delay: {}, abort: {}, response_rate_limit: {}"), ""))
                .extracting(problem -> problem.path().replaceFirst(".*typed_config\\.", ""))
                .containsExactly("delay", "abort", "response_rate_limit");
    }
}
