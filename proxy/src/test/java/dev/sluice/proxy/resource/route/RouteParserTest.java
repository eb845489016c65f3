package dev.sluice.proxy.resource.route;

import static dev.sluice.proxy.resource.YamlResources.forward;
import static dev.sluice.proxy.resource.YamlResources.proto;
import static dev.sluice.proxy.resource.YamlResources.route;
import static dev.sluice.proxy.resource.YamlResources.routes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.Problem;
import dev.sluice.contract.gate.OperationClass;
import dev.sluice.contract.gate.RouteGate;
import dev.sluice.proxy.resource.ResourceParsers;
import dev.sluice.proxy.snapshot.header.HeaderMutations.AppendAction;
import dev.sluice.proxy.snapshot.route.HashPolicySpec;
import dev.sluice.proxy.snapshot.route.MirrorSpec;
import dev.sluice.proxy.snapshot.route.RetrySpec;
import dev.sluice.proxy.snapshot.route.RetrySpec.Condition;
import dev.sluice.proxy.snapshot.route.RouteActionSpec;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.ClusterChoice;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.HostRewrite;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.PathRewrite;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.Selection;
import dev.sluice.proxy.snapshot.route.RouteConfigurationSpec.UnknownClusters;
import dev.sluice.proxy.snapshot.route.RouteSpec;
import dev.sluice.proxy.snapshot.route.RouteTimeoutSpec;
import dev.sluice.proxy.snapshot.runtime.RuntimeShare;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteParserTest {
    @Test
    void a_forward_has_envoys_defaults() {
        assertThat(forward("cluster: c"))
                .isEqualTo(
                        new RouteActionSpec.Forward(
                                new ClusterChoice.Single("c"),
                                RouteTimeoutSpec.DEFAULT,
                                Optional.empty(),
                                new PathRewrite.Keep(),
                                new HostRewrite.Keep(),
                                List.of(),
                                Map.of(),
                                RouteActionSpec.Connect.GOES_ON,
                                List.of(),
                                RouteActionSpec.Numbering.NONE,
                                503));
    }

    @Test
    void connect_ends_where_its_config_says_so() {
        RouteActionSpec.Forward ends =
                forward(
                        "cluster: c, upgrade_configs: [{upgrade_type: connect, connect_config: {}}]");
        RouteActionSpec.Forward goesOn =
                forward("cluster: c, upgrade_configs: [{upgrade_type: CONNECT}]");

        assertThat(ends.connect()).isEqualTo(RouteActionSpec.Connect.ENDS_HERE);
        assertThat(ends.upgrades()).isEqualTo(Map.of("connect", true));
        assertThat(goesOn.connect()).isEqualTo(RouteActionSpec.Connect.GOES_ON);
    }

    @Test
    void every_implemented_setting_of_a_forward_arrives() {
        RouteActionSpec.Forward spec =
                forward(
                        """
                        weighted_clusters: {header_name: X-B, clusters: [{name: a, weight: 1}, {name: b, weight: 2}]},
                        timeout: 0s, idle_timeout: 1s, max_grpc_timeout: 2s, grpc_timeout_offset: 0.1s,
                        max_stream_duration: {max_stream_duration: 3s, grpc_timeout_header_max: 4s, grpc_timeout_header_offset: 0.2s}, prefix_rewrite: /x, host_rewrite_header: X-H,
                        hash_policy: [{header: {header_name: X-U}, terminal: true}, {cookie: {name: c}}, {query_parameter: {name: q}}, {connection_properties: {source_ip: true}}],
                        retry_policy: {retry_on: '5xx, connect-failure,unavailable', num_retries: 3, per_try_timeout: 2s, per_try_idle_timeout: 0.5s,
                                       retriable_status_codes: [409], retry_back_off: {base_interval: 0.1s, max_interval: 3s}}
                        """);

        ClusterChoice.Weighted weighted = (ClusterChoice.Weighted) spec.cluster();
        assertThat(weighted.totalWeight()).isEqualTo(3);
        assertThat(weighted.selection()).isEqualTo(new Selection.Header("x-b"));
        assertThat(spec.timeouts())
                .isEqualTo(
                        new RouteTimeoutSpec(
                                Duration.ZERO,
                                Optional.of(Duration.ofSeconds(1)),
                                Optional.of(
                                        new RouteTimeoutSpec.GrpcLimit(
                                                Duration.ofSeconds(2), Duration.ofMillis(100))),
                                Optional.of(
                                        new RouteTimeoutSpec.StreamLimit(
                                                Optional.of(Duration.ofSeconds(3)),
                                                Optional.of(
                                                        new RouteTimeoutSpec.GrpcLimit(
                                                                Duration.ofSeconds(4),
                                                                Duration.ofMillis(200)))))));
        assertThat(spec.path()).isEqualTo(new PathRewrite.Prefix("/x"));
        assertThat(spec.host()).isEqualTo(new HostRewrite.FromHeader("x-h"));
        assertThat(spec.hashPolicies())
                .containsExactly(
                        new HashPolicySpec(new HashPolicySpec.Source.Header("x-u"), true),
                        new HashPolicySpec(
                                new HashPolicySpec.Source.Cookie("c", Optional.empty()), false),
                        new HashPolicySpec(new HashPolicySpec.Source.QueryParameter("q"), false),
                        new HashPolicySpec(new HashPolicySpec.Source.SourceIp(), false));
        var retry = spec.retry().orElseThrow();
        assertThat(retry.retriable().conditions())
                .isEqualTo(
                        Set.of(
                                Condition.FIVE_XX,
                                Condition.CONNECT_FAILURE,
                                Condition.GRPC_UNAVAILABLE));
        assertThat(retry.retries()).isEqualTo(3);
        assertThat(retry.perTry())
                .isEqualTo(
                        new RetrySpec.PerTry(
                                Duration.ofSeconds(2),
                                Duration.ofMillis(500),
                                RetrySpec.Slow.GIVEN_UP));
        assertThat(retry.retriable().statusCodes()).containsExactly(409);
        assertThat(retry.backOff().base()).isEqualTo(Duration.ofMillis(100));
        assertThat(retry.backOff().max()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void slow_attempts_go_on_where_the_hedge_policy_says_so() {
        RouteActionSpec.Forward hedging =
                forward(
                        "cluster: c, retry_policy: {per_try_timeout: 1s}, hedge_policy:"
                                + " {hedge_on_per_try_timeout: true}");
        RouteActionSpec.Forward plain =
                forward("cluster: c, retry_policy: {per_try_timeout: 1s}, hedge_policy: {}");

        assertThat(hedging.retry().orElseThrow().perTry().slow()).isEqualTo(RetrySpec.Slow.HEDGED);
        assertThat(plain.retry().orElseThrow().perTry().slow()).isEqualTo(RetrySpec.Slow.GIVEN_UP);
    }

    @Test
    void a_route_without_retries_has_those_of_its_virtual_host() {
        RouteConfiguration proto =
                proto(
                        "{name: r, virtual_hosts: [{name: v, domains: ['*'], retry_policy: {retry_on: reset}, routes: [{match: {prefix: /a}, route: {cluster: c}}, {match: {prefix: /b}, route: {cluster: c, retry_policy: {retry_on: 5xx}}}]}]}",
                        RouteConfiguration.getDefaultInstance());

        var routes =
                ResourceParsers.routes(proto).orThrow().spec().virtualHosts().getFirst().routes();

        assertThat(routes)
                .extracting(route ->
                        ((RouteActionSpec.Forward) route.action())
                                .retry()
                                .orElseThrow()
                                .retriable()
                                .conditions())
                .containsExactly(Set.of(Condition.RESET), Set.of(Condition.FIVE_XX));
        var byDefault =
                ((RouteActionSpec.Forward) routes.getFirst().action()).retry().orElseThrow();
        assertThat(byDefault.retries()).isEqualTo(1);
        assertThat(byDefault.backOff().max()).isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void redirects_and_headers_arrive() {
        RouteSpec spec =
                route(
                        """
                        {name: n, match: {path: /a}, redirect: {https_redirect: true, host_redirect: h, port_redirect: 8, path_redirect: /p, response_code: SEE_OTHER, strip_query: true},
                         request_headers_to_remove: [X-Gone], request_headers_to_add: [{header: {key: X-A, value: 100%%}, append: false}, {header: {key: X-B}, keep_empty_value: true}],
                         response_headers_to_add: [{header: {key: C, value: v}, append_action: ADD_IF_ABSENT}]}
                        """);

        assertThat(spec.action())
                .isEqualTo(
                        new RouteActionSpec.Redirect(
                                303,
                                Optional.of("https"),
                                Optional.of("h"),
                                Optional.of(8),
                                new PathRewrite.Whole("/p"),
                                true));
        assertThat(spec.headers().request().remove()).containsExactly("x-gone");
        assertThat(spec.headers().request().add().getFirst().literal()).isEqualTo("100%");
        assertThat(spec.headers().request().add())
                .extracting(a -> a.action())
                .containsExactly(
                        AppendAction.OVERWRITE_IF_EXISTS_OR_ADD,
                        AppendAction.APPEND_IF_EXISTS_OR_ADD);
        assertThat(spec.headers().request().add().getLast().keepEmpty()).isTrue();
        assertThat(spec.headers().response().add().getFirst().action())
                .isEqualTo(AppendAction.ADD_IF_ABSENT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'@type': t/sluice.gate.v1.RouteGate, name: gates/g, operation_class: READ}",
                "{'@type': t/xds.type.v3.TypedStruct, type_url: t/sluice.gate.v1.RouteGate, value: {name: gates/g, operation_class: READ}}",
                "{'@type': t/udpa.type.v1.TypedStruct, type_url: t/sluice.gate.v1.RouteGate, value: {name: gates/g, operationClass: READ}}",
                "{'@type': t/envoy.config.route.v3.FilterConfig, is_optional: true, config: {'@type': t/xds.type.v3.TypedStruct, type_url: t/sluice.gate.v1.RouteGate, value: {name: gates/g, operation_class: READ}}}"
            })
    void a_routes_gate_is_read_in_every_wrapping(String gate) {
        RouteGate read =
                route(
                                "{name: orders, match: {prefix: /}, route: {cluster: c}, typed_per_filter_config: {sluice.gate: "
                                        + gate
                                        + "}}")
                        .gate()
                        .orElseThrow();

        assertThat(read.operation().operationClass()).isEqualTo(OperationClass.READ);
        assertThat(read.operation().name()).isEqualTo("orders");
        assertThat(read.source()).isInstanceOf(RouteGate.Source.Named.class);
    }

    @Test
    void a_whole_gate_stands_inline_and_its_problems_have_their_path() {
        String gate =
                "{name: gates/g, legacy_cluster: a, new_cluster: b, store_kind: SHARED, from: 'OFF', to: COMPLETE, share_ppm: 250000, bucketing: {salt: s, key: {header: x-user}, legacy: {}}}";
        String wrapped =
                "{match: {prefix: /}, route: {cluster: a}, typed_per_filter_config: {sluice.gate: {'@type': t/xds.type.v3.TypedStruct, type_url: t/sluice.gate.v1.RouteGate, value: {inline: %s}}}}";

        RouteGate read = route(wrapped.formatted(gate)).gate().orElseThrow();
        List<Problem> problems =
                ResourceParsers.routes(
                                routes(
                                        wrapped.formatted(
                                                gate.replace("250000", "1000001")
                                                        .replace("salt: s,", ""))))
                        .problems();

        assertThat(((RouteGate.Source.Inline) read.source()).gate().share().value())
                .isEqualTo(250_000);
        assertThat(problems)
                .extracting(Problem::path)
                .containsExactlyInAnyOrder(
                        "virtual_hosts[0].routes[0].typed_per_filter_config[\"sluice.gate\"].inline.share_ppm",
                        "virtual_hosts[0].routes[0].typed_per_filter_config[\"sluice.gate\"].inline.bucketing.salt");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{match: {prefix: /}} | '' | a route to nowhere",
                "{match: {prefix: /}, route: {}} | route | a route to nowhere",
                "{match: {}, route: {cluster: c}} | match | no path",
                "{match: {path_separated_prefix: /a/}, route: {cluster: c}} | match.path_separated_prefix | '''/a/'''",
                "{match: {prefix: /, headers: [{name: ''}]}, route: {cluster: c}} | match.headers[0].name | ''''",
                "{match: {prefix: /, headers: [{name: a, string_match: {safe_regex: {regex: '('}}}]}, route: {cluster: c}} | match.headers[0].string_match.safe_regex.regex | '''('': missing closing )'",
                "{match: {prefix: /}, route: {cluster: c, upgrade_configs: [{upgrade_type: h2c}]}} | route.upgrade_configs[0].upgrade_type | '''h2c'''",
                "{match: {prefix: /}, route: {cluster: c, upgrade_configs: [{upgrade_type: websocket, connect_config: {}}]}} | route.upgrade_configs[0].connect_config | settings of CONNECT",
                "{match: {prefix: /}, route: {cluster: c, upgrade_configs: [{upgrade_type: CONNECT, connect_config: {allow_post: true}}]}} | route.upgrade_configs[0].connect_config.allow_post | field allow_post",
                "{match: {prefix: /}, route: {cluster: c, upgrade_configs: [{upgrade_type: 'a b'}]}} | route.upgrade_configs[0].upgrade_type | '''a b'''",
                "{match: {prefix: /}, route: {cluster: c, upgrade_configs: [{upgrade_type: a}, {upgrade_type: A}]}} | route.upgrade_configs[1].upgrade_type | '''A'' twice'",
                "{match: {prefix: /}, route: {cluster: c, timeout: -1s}} | route.timeout | -1s 0ns",
                "{match: {prefix: /}, route: {cluster: c, prefix_rewrite: /a, regex_rewrite: {pattern: {regex: a}}}} | route.regex_rewrite | regex_rewrite beside prefix_rewrite",
                "{match: {prefix: /}, route: {cluster: c, request_mirror_policies: [{}]}} | route.request_mirror_policies[0] | a mirror to nowhere",
                "{match: {prefix: /}, route: {cluster: c, request_mirror_policies: [{cluster: a, cluster_header: b}]}} | route.request_mirror_policies[0] | cluster beside cluster_header",
                "{match: {prefix: /}, route: {cluster: c, regex_rewrite: {pattern: {regex: a}, substitution: '\\1'}}} | route.regex_rewrite.substitution | '''\\1'''",
                "{match: {prefix: /}, route: {cluster: c, retry_policy: {retry_on: 'sometimes'}}} | route.retry_policy.retry_on | '''sometimes'''",
                "{match: {prefix: /}, route: {cluster: c, retry_policy: {retry_back_off: {base_interval: 1s, max_interval: 0.5s}}}} | route.retry_policy.retry_back_off.max_interval | PT0.5S",
                "{match: {prefix: /}, route: {cluster: c, hash_policy: [{}]}} | route.hash_policy[0] | no source",
                "{match: {prefix: /}, route: {weighted_clusters: {clusters: [{name: a, weight: 0}]}}} | route.weighted_clusters.clusters | weights with the sum 0",
                "{match: {prefix: /}, route: {weighted_clusters: {clusters: [{name: a, weight: 4294967295}, {name: b, weight: 1}]}}} | route.weighted_clusters.clusters | weights with the sum 4294967296",
                "{match: {prefix: /}, route: {weighted_clusters: {total_weight: 100, clusters: [{name: a, weight: 1}]}}} | route.weighted_clusters.total_weight | 100",
                "{match: {prefix: /}, route: {weighted_clusters: {use_hash_policy: true, clusters: [{name: a, weight: 1}]}}} | route.weighted_clusters.use_hash_policy | true without hash_policy",
                "{match: {prefix: /}, redirect: {port_redirect: 65536}} | redirect.port_redirect | 65536",
                "{match: {prefix: /}, redirect: {host_redirect: 'a b'}} | redirect.host_redirect | '''a b'''",
                "{match: {prefix: /}, direct_response: {status: 99}} | direct_response.status | 99",
                "{match: {prefix: /}, direct_response: {status: 200, body: {filename: x}}} | direct_response.body.filename | 'x', which is not there",
                "{match: {prefix: /}, route: {cluster: c}, request_headers_to_add: [{header: {key: host, value: v}}]} | request_headers_to_add[0].header.key | '''host'''",
                "{match: {prefix: /}, route: {cluster: c}, request_headers_to_add: [{header: {key: a, value: '%NO_SUCH%'}}]} | request_headers_to_add[0].header.value | operator '%NO_SUCH%'",
                "{match: {prefix: /}, route: {cluster: c}, response_headers_to_add: [{header: {key: a, value: '%START_TIME(%n)%'}}]} | response_headers_to_add[0].header.value | %n in '%n'",
                "{match: {prefix: /}, route: {cluster: c}, typed_per_filter_config: {x: {'@type': t/acme.X}}} | 'typed_per_filter_config[\"x\"]' | type acme.X",
                "{match: {prefix: /}, route: {cluster: c}, typed_per_filter_config: {sluice.gate: {'@type': t/acme.X}}} | 'typed_per_filter_config[\"sluice.gate\"]' | type acme.X",
                "{match: {prefix: /}, route: {cluster: c}, typed_per_filter_config: {sluice.gate: {'@type': t/sluice.gate.v1.RouteGate}}} | 'typed_per_filter_config[\"sluice.gate\"]' | no gate",
            })
    void refuses_a_route_with_one_problem_at_its_path(String route, String path, String got) {
        List<Problem> problems = ResourceParsers.routes(routes(route)).problems();

        String full = "virtual_hosts[0].routes[0]" + (path.isEmpty() ? "" : "." + path);
        assertThat(problems)
                .as("problems of %s", route)
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.path()).isEqualTo(full);
                    assertThat(problem.got()).startsWith(got);
                    assertThat(problem.remedy()).isNotBlank();
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{name: r, virtual_hosts: [{name: a, domains: ['*']}, {name: a, domains: [x]}]} | virtual_hosts[1].name | virtual host 'a' a second time",
                "{name: r, virtual_hosts: [{name: a, domains: [x]}, {name: b, domains: [X]}]} | virtual_hosts[1].domains[0] | domain 'x' a second time",
                "{name: r, virtual_hosts: [{name: a}]} | virtual_hosts[0].domains | no domains",
                "{name: r, virtual_hosts: [{name: a, domains: ['a*b']}]} | virtual_hosts[0].domains[0] | 'a*b'",
                "{name: r, virtual_hosts: [{name: a, domains: ['*a*']}]} | virtual_hosts[0].domains[0] | '*a*'",
                "{name: r, virtual_hosts: [{name: a, domains: ['*'], rate_limits: [{}]}]} | virtual_hosts[0].rate_limits | field rate_limits",
                "{name: r, virtual_hosts: [{name: a, domains: ['*'], typed_per_filter_config: {sluice.gate: {'@type': t/sluice.gate.v1.RouteGate}}}]} | virtual_hosts[0].typed_per_filter_config[\"sluice.gate\"] | a gate above routes",
                "{virtual_hosts: []} | '' | no name",
            },
            quoteCharacter = '`')
    void refuses_a_route_configuration_with_one_problem(String routes, String path, String got) {
        List<Problem> problems =
                ResourceParsers.routes(proto(routes, RouteConfiguration.getDefaultInstance()))
                        .problems();

        assertThat(problems)
                .as("problems of %s", routes)
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.path()).isEqualTo(path.equals("''") ? "" : path);
                    assertThat(problem.got()).startsWith(got);
                });
    }

    @ParameterizedTest
    @CsvSource({
        "'', AWAITED",
        "', validate_clusters: true', AWAITED",
        "', validate_clusters: false', REFUSED"
    })
    void unknown_clusters_are_awaited_unless_they_are_not_to_be_validated(
            String more, UnknownClusters expected) {
        RouteConfiguration routes =
                proto(
                        "{name: r, virtual_hosts: [{name: a, domains: ['*']}]" + more + "}",
                        RouteConfiguration.getDefaultInstance());

        assertThat(ResourceParsers.routes(routes).orThrow().spec().unknown()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"SERVICE_UNAVAILABLE, 503", "NOT_FOUND, 404", "INTERNAL_SERVER_ERROR, 500"})
    void a_missing_cluster_has_the_status_that_the_route_names(String code, int status) {
        assertThat(forward("cluster: c, cluster_not_found_response_code: " + code).clusterMissing())
                .isEqualTo(status);
    }

    @Test
    void mirrors_are_read_with_their_share_and_host() {
        RouteActionSpec.Forward spec =
                forward(
                        """
                        cluster: c, request_mirror_policies: [
                          {cluster: a},
                          {cluster_header: X-C, disable_shadow_host_suffix_append: true, trace_sampled: true},
                          {cluster: b, host_rewrite_literal: h, runtime_fraction: {default_value: {numerator: 5, denominator: MILLION}}}]
                        """);

        assertThat(spec.mirrors())
                .containsExactly(
                        new MirrorSpec(
                                new MirrorSpec.Target.Single("a"),
                                RuntimeShare.ALL,
                                new MirrorSpec.Host.Suffixed()),
                        new MirrorSpec(
                                new MirrorSpec.Target.ByHeader("x-c"),
                                RuntimeShare.ALL,
                                new MirrorSpec.Host.Kept()),
                        new MirrorSpec(
                                new MirrorSpec.Target.Single("b"),
                                RuntimeShare.fixed(new PartsPerMillion(5)),
                                new MirrorSpec.Host.Literal("h")));
    }
}
