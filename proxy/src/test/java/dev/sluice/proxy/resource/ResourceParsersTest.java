package dev.sluice.proxy.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.contract.document.DocumentReader;
import dev.sluice.contract.gate.OperationClass;
import dev.sluice.contract.gate.RouteGate;
import dev.sluice.proxy.snapshot.AccessLogSpec;
import dev.sluice.proxy.snapshot.BalancingSpec;
import dev.sluice.proxy.snapshot.BalancingSpec.HashKey;
import dev.sluice.proxy.snapshot.BalancingSpec.Localities;
import dev.sluice.proxy.snapshot.BalancingSpec.Policy;
import dev.sluice.proxy.snapshot.CidrSpec;
import dev.sluice.proxy.snapshot.ClusterSpec;
import dev.sluice.proxy.snapshot.ClusterSpec.CircuitBreakers;
import dev.sluice.proxy.snapshot.ClusterSpec.Discovery;
import dev.sluice.proxy.snapshot.EndpointSpec;
import dev.sluice.proxy.snapshot.EndpointSpec.Health;
import dev.sluice.proxy.snapshot.HashPolicySpec;
import dev.sluice.proxy.snapshot.HeaderMutations.AppendAction;
import dev.sluice.proxy.snapshot.HealthCheckSpec;
import dev.sluice.proxy.snapshot.HttpConnectionManagerSpec;
import dev.sluice.proxy.snapshot.HttpConnectionManagerSpec.CodecType;
import dev.sluice.proxy.snapshot.HttpConnectionManagerSpec.Forwarding;
import dev.sluice.proxy.snapshot.HttpConnectionManagerSpec.Limits;
import dev.sluice.proxy.snapshot.HttpConnectionManagerSpec.PathNormalization;
import dev.sluice.proxy.snapshot.HttpConnectionManagerSpec.RouteSource;
import dev.sluice.proxy.snapshot.HttpConnectionManagerSpec.Timeouts;
import dev.sluice.proxy.snapshot.ListenerSpec;
import dev.sluice.proxy.snapshot.LoadAssignmentSpec;
import dev.sluice.proxy.snapshot.LocalitySpec;
import dev.sluice.proxy.snapshot.LocalitySpec.LocalityName;
import dev.sluice.proxy.snapshot.OutlierSpec;
import dev.sluice.proxy.snapshot.RetrySpec;
import dev.sluice.proxy.snapshot.RetrySpec.Condition;
import dev.sluice.proxy.snapshot.RouteActionSpec;
import dev.sluice.proxy.snapshot.RouteActionSpec.ClusterChoice;
import dev.sluice.proxy.snapshot.RouteActionSpec.HostRewrite;
import dev.sluice.proxy.snapshot.RouteActionSpec.PathRewrite;
import dev.sluice.proxy.snapshot.RouteActionSpec.Selection;
import dev.sluice.proxy.snapshot.RouteSpec;
import dev.sluice.proxy.snapshot.RouteTimeoutSpec;
import dev.sluice.proxy.snapshot.SocketAddressSpec;
import dev.sluice.proxy.snapshot.tls.TransportSocketSpec;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResourceParsersTest {
    private static final String ROUTER =
            "{name: router, typed_config: {'@type': t/envoy.extensions.filters.http.router.v3.Router}}";
    private static final String ADDRESS =
            "address: {socket_address: {address: 127.0.0.1, port_value: 80}}";

    private static <M extends Message> M proto(String yaml, M prototype) {
        return new DocumentReader(Extensions.TYPES).read(yaml, "f", prototype).orThrow().message();
    }

    private static Listener listener(String manager) {
        return proto(
                "{name: l, %s, filter_chains: [{filters: [{name: http, typed_config: {'@type': t/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager, %s}}]}]}"
                        .formatted(ADDRESS, manager),
                Listener.getDefaultInstance());
    }

    private static HttpConnectionManagerSpec manager(String manager) {
        ListenerSpec spec = ResourceParsers.listener(listener(manager)).orThrow().spec();
        return (HttpConnectionManagerSpec) spec.chains().getFirst().filter();
    }

    private static RouteConfiguration routes(String route) {
        return proto(
                "{name: r, virtual_hosts: [{name: v, domains: ['*'], routes: [" + route + "]}]}",
                RouteConfiguration.getDefaultInstance());
    }

    private static RouteSpec route(String route) {
        return ResourceParsers.routes(routes(route))
                .orThrow()
                .spec()
                .virtualHosts()
                .getFirst()
                .routes()
                .getFirst();
    }

    private static RouteActionSpec.Forward forward(String action) {
        return (RouteActionSpec.Forward)
                route("{match: {prefix: /}, route: {" + action + "}}").action();
    }

    private static final String TCP =
            "{filters: [{name: tcp, typed_config: {'@type':"
                    + " t/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, cluster: a}}]}";

    static Parsed<Resource<ClusterSpec>> clusterOf(String cluster) {
        return ResourceParsers.cluster(proto(cluster, Cluster.getDefaultInstance()));
    }

    private static ClusterSpec cluster(String cluster) {
        return clusterOf(cluster).orThrow().spec();
    }

    @Test
    void a_connection_manager_has_envoys_defaults() {
        HttpConnectionManagerSpec spec =
                manager(
                        "rds: {route_config_name: r, config_source: {ads: {}}}, http_filters: ["
                                + ROUTER
                                + "]");

        assertThat(spec)
                .isEqualTo(
                        new HttpConnectionManagerSpec(
                                "",
                                CodecType.AUTO,
                                new RouteSource.Rds("r"),
                                List.of(),
                                Optional.empty(),
                                HttpConnectionManagerSpec.Upgrades.NONE,
                                Limits.DEFAULT,
                                Timeouts.DEFAULT,
                                PathNormalization.NONE,
                                Forwarding.DEFAULT,
                                List.of()));
    }

    @Test
    void every_implemented_setting_of_a_connection_manager_arrives() {
        HttpConnectionManagerSpec spec =
                manager(
                        """
                        rds: {route_config_name: r, config_source: {ads: {}}}, stat_prefix: s, codec_type: HTTP2, server_name: me,
                        common_http_protocol_options: {idle_timeout: 1s, max_headers_count: 7, max_stream_duration: 9s}, max_request_headers_kb: 8,
                        internal_address_config: {cidr_ranges: [{address_prefix: 10.0.0.0, prefix_len: 8}]},
                        http_protocol_options: {accept_http_10: true, enable_trailers: true},
                        http2_protocol_options: {max_concurrent_streams: 9, initial_stream_window_size: 65536, initial_connection_window_size: 65537, allow_connect: true},
                        upgrade_configs: [{upgrade_type: WebSocket}, {upgrade_type: other/1, enabled: false}],
                        stream_idle_timeout: 2s, request_headers_timeout: 3s, request_timeout: 4s, drain_timeout: 5.5s,
                        use_remote_address: true, generate_request_id: false, normalize_path: true, merge_slashes: true,
                        access_log: [{name: a, typed_config: {'@type': t/envoy.extensions.access_loggers.file.v3.FileAccessLog, path: /tmp/log}},
                                     {name: b, typed_config: {'@type': t/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog}},
                                     {name: c, typed_config: {'@type': t/acme.Logger}}],
                        http_filters: [{name: g, typed_config: {'@type': t/sluice.gate.v1.GateFilter, explain: ALWAYS}}, %s]
                        """
                                .formatted(ROUTER));

        assertThat(spec.codec()).isEqualTo(CodecType.HTTP2);
        assertThat(spec.limits()).isEqualTo(new Limits(8192, 7, 9, 65_536, 65_537, true));
        assertThat(spec.timeouts())
                .isEqualTo(
                        new Timeouts(
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(4),
                                Duration.ofMillis(5500),
                                Duration.ofSeconds(9)));
        assertThat(spec.upgrades())
                .isEqualTo(
                        new HttpConnectionManagerSpec.Upgrades(
                                Map.of("websocket", true, "other/1", false),
                                /* overHttp2= */ true));
        assertThat(spec.path()).isEqualTo(new PathNormalization(true, true));
        assertThat(spec.forwarding())
                .isEqualTo(
                        new Forwarding(
                                true,
                                false,
                                List.of(new CidrSpec(InetAddress.ofLiteral("10.0.0.0"), 8)),
                                "me"));
        assertThat(spec.accessLogs())
                .extracting(AccessLogSpec::path)
                .containsExactly("/tmp/log", "/dev/stdout");
        assertThat(spec.accessLogs().getFirst())
                .as("the same log, read again")
                .isEqualTo(
                        new AccessLogSpec(
                                "/tmp/log", LogFormatParser.standard(), Optional.empty()));
        assertThat(spec.gates().orElseThrow().explain())
                .isEqualTo(dev.sluice.contract.gate.GateFilter.Explain.ALWAYS);
    }

    @Test
    void optional_and_disabled_filters_are_inert() {
        var resource =
                ResourceParsers.listener(
                                listener(
                                        "rds: {route_config_name: r, config_source: {ads: {}}}, http_filters: [{name: a, is_optional: true, typed_config: {'@type': t/acme.A}}, {name: b, disabled: true}, "
                                                + ROUTER
                                                + "]"))
                        .orThrow();

        assertThat(resource.inert())
                .containsExactly(
                        "filter_chains[0].filters[0].typed_config.http_filters[0]",
                        "filter_chains[0].filters[0].typed_config.http_filters[1]");
    }

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
                                Map.of()));
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
                .isEqualTo(new RetrySpec.PerTry(Duration.ofSeconds(2), Duration.ofMillis(500)));
        assertThat(retry.retriable().statusCodes()).containsExactly(409);
        assertThat(retry.backOff().base()).isEqualTo(Duration.ofMillis(100));
        assertThat(retry.backOff().max()).isEqualTo(Duration.ofSeconds(3));
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
        assertThat(spec.headers().request().add().getFirst().value()).isEqualTo("100%");
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

    @Test
    void a_cluster_has_envoys_defaults() {
        assertThat(cluster("{name: c}"))
                .isEqualTo(
                        new ClusterSpec(
                                "c",
                                new Discovery.Static(LoadAssignmentSpec.EMPTY),
                                BalancingSpec.DEFAULT,
                                Duration.ofSeconds(5),
                                Duration.ZERO,
                                ClusterSpec.Protocol.HTTP1,
                                new TransportSocketSpec.RawBuffer(),
                                CircuitBreakers.DEFAULT,
                                Optional.empty(),
                                Optional.empty()));
    }

    @Test
    void every_implemented_setting_of_a_cluster_arrives() {
        ClusterSpec spec =
                cluster(
                        """
                        {name: c, type: STRICT_DNS, dns_refresh_rate: 1s, connect_timeout: 0.25s, lb_policy: LEAST_REQUEST, least_request_lb_config: {choice_count: 3},
                         typed_extension_protocol_options: {envoy.extensions.upstreams.http.v3.HttpProtocolOptions: {'@type': t/envoy.extensions.upstreams.http.v3.HttpProtocolOptions, common_http_protocol_options: {max_stream_duration: 8s}, explicit_http_config: {http2_protocol_options: {}}}}, circuit_breakers: {thresholds: [{priority: HIGH, max_retries: 9}, {max_connections: 1, max_pending_requests: 2, max_requests: 4294967295, max_retries: 4}]},
                         load_assignment: {cluster_name: c, endpoints: [{lb_endpoints: [
                           {endpoint: {address: {socket_address: {address: a.local, port_value: 1}}}, load_balancing_weight: 5, health_status: DRAINING},
                           {endpoint: {address: {socket_address: {address: "::1", port_value: 65535}}}, health_status: TIMEOUT}]}]}}
                        """);

        assertThat(spec)
                .isEqualTo(
                        new ClusterSpec(
                                "c",
                                new Discovery.StrictDns(
                                        LoadAssignmentSpec.of(
                                                List.of(
                                                        LocalitySpec.anywhere(
                                                                List.of(
                                                                        new EndpointSpec(
                                                                                new SocketAddressSpec(
                                                                                        "a.local",
                                                                                        1),
                                                                                "",
                                                                                5,
                                                                                Health.DRAINING),
                                                                        new EndpointSpec(
                                                                                new SocketAddressSpec(
                                                                                        "::1",
                                                                                        65_535),
                                                                                "",
                                                                                1,
                                                                                Health
                                                                                        .UNHEALTHY))))),
                                        Duration.ofSeconds(1)),
                                BalancingSpec.of(new Policy.LeastRequest(3, 1, Optional.empty())),
                                Duration.ofMillis(250),
                                Duration.ofSeconds(8),
                                ClusterSpec.Protocol.HTTP2,
                                new TransportSocketSpec.RawBuffer(),
                                new CircuitBreakers(
                                        1,
                                        2,
                                        Integer.MAX_VALUE,
                                        new ClusterSpec.RetryLimit.Fixed(4)),
                                Optional.empty(),
                                Optional.empty()));
        assertThat(
                        cluster(
                                        "{name: c, type: EDS, lb_policy: RANDOM, eds_cluster_config: {eds_config: {ads: {}}, service_name: s}}")
                                .discovery())
                .isEqualTo(new Discovery.Eds("s"));
        assertThat(
                        cluster("{name: c, type: EDS, eds_cluster_config: {eds_config: {ads: {}}}}")
                                .discovery())
                .isEqualTo(new Discovery.Eds("c"));
    }

    @Test
    void outlier_detection_has_envoys_defaults() {
        assertThat(cluster("{name: c, outlier_detection: {}}").outliers())
                .contains(
                        new OutlierSpec(
                                new OutlierSpec.Streak(5, 100),
                                new OutlierSpec.Streak(5, 0),
                                new OutlierSpec.Streak(5, 100),
                                OutlierSpec.Origins.TOGETHER,
                                new OutlierSpec.SuccessRate(5, 100, 1900, 100, 100),
                                new OutlierSpec.FailurePercentage(5, 50, 85, 0, 0),
                                new OutlierSpec.Ejection(
                                        Duration.ofSeconds(10),
                                        Duration.ofSeconds(30),
                                        Duration.ofSeconds(300),
                                        10,
                                        OutlierSpec.First.WITHIN_SHARE)));
    }

    @Test
    void the_first_known_policy_of_the_list_is_taken() {
        BalancingSpec spec =
                cluster(
                                """
                                {name: c, load_balancing_policy: {policies: [
                                  {typed_extension_config: {name: unknown, typed_config: {"@type": type.googleapis.com/xds.type.v3.TypedStruct, type_url: type.googleapis.com/other.Policy}}},
                                  {typed_extension_config: {name: envoy.load_balancing_policies.wrr_locality, typed_config: {
                                    "@type": type.googleapis.com/envoy.extensions.load_balancing_policies.wrr_locality.v3.WrrLocality,
                                    endpoint_picking_policy: {policies: [{typed_extension_config: {name: m, typed_config: {
                                      "@type": type.googleapis.com/envoy.extensions.load_balancing_policies.maglev.v3.Maglev, table_size: 101}}}]}}}}]}}
                                """)
                        .balancing();

        assertThat(spec)
                .isEqualTo(
                        new BalancingSpec(
                                new Policy.Maglev(101, HashKey.ADDRESS),
                                Localities.WEIGHTED,
                                BalancingSpec.Panic.DEFAULT));
    }

    @Test
    void peak_ewma_is_a_policy_of_the_list() {
        BalancingSpec spec =
                cluster(
                                """
                                {name: c, load_balancing_policy: {policies: [{typed_extension_config: {name: sluice.peak_ewma, typed_config: {
                                  "@type": type.googleapis.com/xds.type.v3.TypedStruct, type_url: type.googleapis.com/sluice.balancing.v1.PeakEwma, value: {decay_time: 5s}}}}]}}
                                """)
                        .balancing();

        assertThat(spec.policy())
                .isEqualTo(new Policy.PeakEwma(2, Duration.ofSeconds(5), Duration.ofMillis(30)));
    }

    @Test
    void endpoints_are_read_by_themselves() {
        var load =
                proto(
                        "{cluster_name: s, endpoints: [{locality: {zone: z}, lb_endpoints: [{endpoint: {address: {socket_address: {address: 10.0.0.1, port_value: 80}}}}]}]}",
                        ClusterLoadAssignment.getDefaultInstance());

        var resource = ResourceParsers.endpoints(load).orThrow();

        assertThat(resource.name()).isEqualTo("s");
        assertThat(resource.spec().endpoints())
                .as("endpoints")
                .containsExactly(EndpointSpec.at(new SocketAddressSpec("10.0.0.1", 80)));
        assertThat(resource.spec().localities().getFirst().name())
                .as("locality")
                .isEqualTo(new LocalityName("", "z", ""));
        assertThat(resource.inert()).as("inert fields").isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{match: {prefix: /}} | '' | a route to nowhere",
                "{match: {prefix: /}, route: {}} | route | a route to nowhere",
                "{match: {}, route: {cluster: c}} | match | no path",
                "{match: {path_separated_prefix: /a/}, route: {cluster: c}} | match.path_separated_prefix | '''/a/'''",
                "{match: {prefix: /, runtime_fraction: {default_value: {numerator: 50}}}, route: {cluster: c}} | match.runtime_fraction.default_value | 50/100",
                "{match: {prefix: /, headers: [{name: ''}]}, route: {cluster: c}} | match.headers[0].name | ''''",
                "{match: {prefix: /, headers: [{name: a, string_match: {safe_regex: {regex: '('}}}]}, route: {cluster: c}} | match.headers[0].string_match.safe_regex.regex | '''('': missing closing )'",
                "{match: {prefix: /}, route: {cluster: c, upgrade_configs: [{upgrade_type: h2c}]}} | route.upgrade_configs[0].upgrade_type | '''h2c'''",
                "{match: {prefix: /}, route: {cluster: c, upgrade_configs: [{upgrade_type: 'a b'}]}} | route.upgrade_configs[0].upgrade_type | '''a b'''",
                "{match: {prefix: /}, route: {cluster: c, upgrade_configs: [{upgrade_type: a}, {upgrade_type: A}]}} | route.upgrade_configs[1].upgrade_type | '''A'' twice'",
                "{match: {prefix: /}, route: {cluster: c, timeout: -1s}} | route.timeout | -1s 0ns",
                "{match: {prefix: /}, route: {cluster: c, prefix_rewrite: /a, regex_rewrite: {pattern: {regex: a}}}} | route.regex_rewrite | regex_rewrite beside prefix_rewrite",
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
                "{match: {prefix: /}, route: {cluster: c}, request_headers_to_add: [{header: {key: a, value: '%START_TIME%'}}]} | request_headers_to_add[0].header.value | '''%START_TIME%'''",
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
                "{name: r, virtual_hosts: [{name: a, domains: ['*'], require_tls: ALL}]} | virtual_hosts[0].require_tls | field require_tls",
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
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | name | nothing",
                "{name: c, type: LOGICAL_DNS} | type | LOGICAL_DNS",
                "{name: c, lb_policy: CLUSTER_PROVIDED} | lb_policy | CLUSTER_PROVIDED",
                "{name: c, lb_policy: MAGLEV, maglev_lb_config: {table_size: 65536}} | maglev_lb_config.table_size | 65536",
                "{name: c, lb_policy: RING_HASH, ring_hash_lb_config: {maximum_ring_size: 8388609}} | ring_hash_lb_config.maximum_ring_size | 8388609",
                "{name: c, lb_policy: RING_HASH, ring_hash_lb_config: {minimum_ring_size: 9, maximum_ring_size: 8}} | ring_hash_lb_config.minimum_ring_size | 9",
                "{name: c, common_lb_config: {healthy_panic_threshold: {value: 101}}} | common_lb_config.healthy_panic_threshold | 101.0",
                "{name: c, load_balancing_policy: {policies: []}} | load_balancing_policy.policies | no policy that is known",
                "{name: c, load_assignment: {cluster_name: c, endpoints: [{priority: 1}]}} | load_assignment.endpoints | priorities [1]",
                "{name: c, connect_timeout: 0s} | connect_timeout | 0s",
                "{name: c, transport_socket: {name: tls}} | transport_socket | 'tls' without typed_config",
                "{name: c, health_checks: [{timeout: 1s}]} | health_checks[0] | no question",
                "{name: c, type: EDS} | eds_cluster_config.eds_config | no ads",
                "{name: c, type: EDS, eds_cluster_config: {eds_config: {ads: {}, initial_fetch_timeout: 1s}}} | eds_cluster_config.eds_config.initial_fetch_timeout | a limit",
                "{name: c, least_request_lb_config: {choice_count: 1}, lb_policy: LEAST_REQUEST} | least_request_lb_config.choice_count | 1",
                "{name: c, circuit_breakers: {thresholds: [{}, {}]}} | circuit_breakers.thresholds[1] | priority 'DEFAULT' a second time",
                "{name: c, load_assignment: {endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: a.local, port_value: 1}}}}]}]}} | load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.socket_address.address | 'a.local'",
                "{name: c, load_assignment: {endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 1.2.3.4, port_value: 0}}}}]}]}} | load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.socket_address.port_value | 0",
                "{name: c, load_assignment: {endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 1.2.3.4}}}}]}]}} | load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.socket_address | no port_value",
                "{name: c, load_assignment: {endpoints: [{lb_endpoints: [{endpoint: {address: {pipe: {path: x}}}}]}]}} | load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.pipe | field pipe",
                "{name: c, typed_extension_protocol_options: {x: {'@type': t/acme.X}}} | typed_extension_protocol_options[\"x\"] | options of x",
                "{name: c, http2_protocol_options: {allow_connect: true}} | http2_protocol_options.allow_connect | true",
                "{name: c, http2_protocol_options: {max_concurrent_streams: 1}} | http2_protocol_options.max_concurrent_streams | a limit of streams",
            },
            quoteCharacter = '`')
    void refuses_a_cluster_at_the_path_of_its_problem(String cluster, String path, String got) {
        List<Problem> problems =
                ResourceParsers.cluster(proto(cluster, Cluster.getDefaultInstance())).problems();

        assertThat(problems)
                .as("problems of %s", cluster)
                .anySatisfy(problem -> {
                    assertThat(problem.path()).isEqualTo(path);
                    assertThat(problem.got()).startsWith(got);
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http_filters: [] | http_filters | no router",
                "http_filters: [{name: x, typed_config: {'@type': t/acme.X}}, ROUTER] | http_filters[0] | filter 'x' of type acme.X",
                "http_filters: [{name: x}, ROUTER] | http_filters[0] | 'x' without typed_config",
                "http_filters: [ROUTER, {name: g, typed_config: {'@type': t/sluice.gate.v1.GateFilter}}] | http_filters[0] | the router before other filters",
                "http_filters: [ROUTER, ROUTER] | http_filters[1].name | 'router' a second time",
                "http_filters: [ROUTER], codec_type: HTTP3 | codec_type | HTTP3",
                "http_filters: [ROUTER], max_request_headers_kb: 8193 | max_request_headers_kb | 8193",
                "http_filters: [ROUTER], xff_num_trusted_hops: 1 | xff_num_trusted_hops | field xff_num_trusted_hops",
                "http_filters: [{name: g, typed_config: {'@type': t/sluice.gate.v1.GateFilter, carried_trust: MTLS_PEERS}}, ROUTER] | http_filters[0].typed_config.trusted_ids | 0 ids",
            },
            quoteCharacter = '`')
    void refuses_a_connection_manager_at_the_path_of_its_problem(
            String manager, String path, String got) {
        List<Problem> problems =
                ResourceParsers.listener(
                                listener(
                                        "rds: {route_config_name: r, config_source: {ads: {}}}, "
                                                + manager.replace("ROUTER", ROUTER)))
                        .problems();

        assertThat(problems)
                .as("problems of %s", manager)
                .anySatisfy(problem -> {
                    assertThat(problem.path())
                            .isEqualTo("filter_chains[0].filters[0].typed_config." + path);
                    assertThat(problem.got()).startsWith(got);
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{name: l} | address | no socket_address",
                "{name: l, ADDRESS} | filter_chains | no filter chain",
                "{name: l, ADDRESS, filter_chains: [{}]} | filter_chains[0].filters | 0 network filters",
                "{name: l, ADDRESS, filter_chains: [{filters: [{name: tcp, typed_config: {'@type': t/acme.Tcp}}]}]} | filter_chains[0].filters[0].typed_config | type acme.Tcp",
                "{name: l, ADDRESS, filter_chains: [{filter_chain_match: {server_names: ['a.*']}}]} | filter_chains[0].filter_chain_match.server_names[0] | 'a.*'",
                "{name: l, ADDRESS, filter_chains: [{filter_chain_match: {transport_protocol: quic}}]} | filter_chains[0].filter_chain_match.transport_protocol | 'quic'",
                "{name: l, ADDRESS, filter_chains: [{filter_chain_match: {source_prefix_ranges: [{address_prefix: a}]}}]} | filter_chains[0].filter_chain_match.source_prefix_ranges[0].address_prefix | 'a'",
                "{name: l, ADDRESS, filter_chains: [{filter_chain_match: {address_suffix: a}}]} | filter_chains[0].filter_chain_match.address_suffix | field address_suffix",
                "{name: l, ADDRESS, filter_chains: [TCP, TCP]} | filter_chains[1].filter_chain_match | the match of an earlier filter chain",
                "{name: l, ADDRESS, listener_filters: [{name: f}]} | listener_filters[0] | 'f' without typed_config",
                "{name: l, ADDRESS, listener_filters: [{name: f, typed_config: {'@type': t/acme.F}}]} | listener_filters[0].typed_config | type acme.F",
                "{name: l, ADDRESS, filter_chains: [{filters: [{name: tcp, typed_config: {'@type': t/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy}}]}]} | filter_chains[0].filters[0].typed_config | no cluster",
                "{name: l, ADDRESS, filter_chains: [{filters: [{name: tcp, typed_config: {'@type': t/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, weighted_clusters: {clusters: [{name: a}]}}}]}]} | filter_chains[0].filters[0].typed_config.weighted_clusters.clusters[0].weight | 0",
                "{name: l, address: {socket_address: {address: a.local, port_value: 1}}} | address.socket_address.address | 'a.local'",
                "{name: l, address: {socket_address: {protocol: UDP, address: 1.2.3.4, port_value: 1}}} | address.socket_address.protocol | UDP",
            },
            quoteCharacter = '`')
    void refuses_a_listener_at_the_path_of_its_problem(String listener, String path, String got) {
        List<Problem> problems =
                ResourceParsers.listener(
                                proto(
                                        listener.replace("ADDRESS", ADDRESS)
                                                .replace("TCP,", TCP + ",")
                                                .replace("TCP]", TCP + "]"),
                                        Listener.getDefaultInstance()))
                        .problems();

        assertThat(problems)
                .as("problems of %s", listener)
                .anySatisfy(problem -> {
                    assertThat(problem.path()).isEqualTo(path);
                    assertThat(problem.got()).startsWith(got);
                });
    }

    @Test
    void refuses_fields_of_a_later_envoy_at_any_depth_and_bytes_of_another_type() {
        UnknownFieldSet later =
                UnknownFieldSet.newBuilder()
                        .addField(901, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build();
        Cluster cluster =
                Cluster.newBuilder()
                        .setName("c")
                        .setLoadAssignment(
                                ClusterLoadAssignment.newBuilder().setUnknownFields(later))
                        .build();
        Any broken =
                Any.newBuilder()
                        .setTypeUrl("t/envoy.extensions.upstreams.http.v3.HttpProtocolOptions")
                        .setValue(ByteString.copyFromUtf8("\u0001\u0001"))
                        .build();
        Cluster malformed =
                Cluster.newBuilder()
                        .setName("c")
                        .putTypedExtensionProtocolOptions(
                                "envoy.extensions.upstreams.http.v3.HttpProtocolOptions", broken)
                        .build();

        assertThat(ResourceParsers.cluster(cluster).problems())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.path()).isEqualTo("load_assignment");
                    assertThat(problem.got()).isEqualTo("unknown field numbers [901]");
                });
        assertThat(ResourceParsers.cluster(malformed).problems())
                .singleElement()
                .extracting(Problem::got)
                .asString()
                .startsWith("bytes that are no");
    }

    @Test
    void a_health_check_arrives_with_envoys_defaults() {
        ClusterSpec spec =
                cluster(
                        """
                        {name: c, health_checks: [{timeout: 1s, interval: 2s, healthy_threshold: 3, unhealthy_threshold: 0, unhealthy_interval: 4s, interval_jitter_percent: 10,
                         http_health_check: {path: /h, host: x, expected_statuses: [{start: 200, end: 300}], retriable_statuses: [{start: 503, end: 504}], codec_client_type: HTTP2, method: HEAD}}],
                         load_assignment: {cluster_name: c, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: 1}},
                           health_check_config: {port_value: 9, hostname: e, disable_active_health_check: true}}}]}]}}
                        """);

        HealthCheckSpec check = spec.check().orElseThrow();
        assertThat(check.question())
                .isEqualTo(
                        new HealthCheckSpec.Question.Http(
                                "HEAD",
                                "x",
                                "/h",
                                List.of(),
                                List.of(new HealthCheckSpec.StatusRange(200, 299)),
                                List.of(new HealthCheckSpec.StatusRange(503, 503)),
                                ClusterSpec.Protocol.HTTP2));
        assertThat(check.intervals())
                .isEqualTo(
                        new HealthCheckSpec.Intervals(
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(4),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(4),
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(60),
                                new HealthCheckSpec.Jitter(Duration.ZERO, Duration.ZERO, 10)));
        assertThat(check.healthyThreshold()).isEqualTo(3);
        assertThat(check.unhealthyThreshold()).as("0 is as good as 1").isEqualTo(1);
        Discovery.Static load = (Discovery.Static) spec.discovery();
        assertThat(load.load().localities().getFirst().endpoints().getFirst().check())
                .isEqualTo(new HealthCheckSpec.OfEndpoint(Optional.empty(), 9, "e", false));
    }

    private static String clusterRefused(String settings) {
        return clusterOf("{name: c, " + settings + "}") instanceof Parsed.Refused<?> refused
                ? refused.message()
                : "accepted";
    }

    @Test
    void wrong_health_checks_are_refused_with_every_reason() {
        String timing = "timeout: 1s, interval: 2s, healthy_threshold: 1, unhealthy_threshold: 1";
        assertThat(clusterRefused("health_checks: [{tcp_health_check: {}}]"))
                .contains(
                        "health_checks[0].timeout",
                        "health_checks[0].interval",
                        "healthy_threshold");
        assertThat(clusterRefused("health_checks: [{" + timing + "}]")).contains("no question");
        assertThat(
                        clusterRefused(
                                "health_checks: [{"
                                        + timing
                                        + ", http_health_check: {path: h, method: CONNECT, expected_statuses: [{start: 5, end: 6}]}}]"))
                .contains(
                        "http_health_check.path",
                        "http_health_check.method",
                        "expected_statuses[0]");
        assertThat(
                        clusterRefused(
                                "health_checks: [{"
                                        + timing
                                        + ", tcp_health_check: {send: {text: xyz}, receive: [{}]}}]"))
                .contains("send.text", "receive[0]");
    }
}
