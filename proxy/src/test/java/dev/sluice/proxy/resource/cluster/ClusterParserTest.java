package dev.sluice.proxy.resource.cluster;

import static dev.sluice.proxy.resource.YamlResources.cluster;
import static dev.sluice.proxy.resource.YamlResources.clusterOf;
import static dev.sluice.proxy.resource.YamlResources.proto;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.ResourceParsers;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec.HashKey;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec.Localities;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec.Policy;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec.CircuitBreakers;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec.Discovery;
import dev.sluice.proxy.snapshot.cluster.ConnectSpec;
import dev.sluice.proxy.snapshot.cluster.DnsSpec;
import dev.sluice.proxy.snapshot.cluster.EndpointSpec;
import dev.sluice.proxy.snapshot.cluster.EndpointSpec.Health;
import dev.sluice.proxy.snapshot.cluster.LoadAssignmentSpec;
import dev.sluice.proxy.snapshot.cluster.LocalitySpec;
import dev.sluice.proxy.snapshot.cluster.LocalitySpec.LocalityName;
import dev.sluice.proxy.snapshot.cluster.OutlierSpec;
import dev.sluice.proxy.snapshot.cluster.SourceSpec;
import dev.sluice.proxy.snapshot.cluster.UpstreamSpec;
import dev.sluice.proxy.snapshot.part.FloodLimits;
import dev.sluice.proxy.snapshot.part.KeepAlive;
import dev.sluice.proxy.snapshot.part.SocketAddressSpec;
import dev.sluice.proxy.snapshot.tls.TransportSocketSpec;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterParserTest {
    @Test
    void a_cluster_has_envoys_defaults() {
        assertThat(cluster("{name: c}"))
                .isEqualTo(
                        new ClusterSpec(
                                "c",
                                new Discovery.Static(LoadAssignmentSpec.EMPTY),
                                BalancingSpec.DEFAULT,
                                ConnectSpec.DEFAULT,
                                UpstreamSpec.DEFAULT,
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
                        {name: c, type: STRICT_DNS, dns_refresh_rate: 1s, dns_failure_refresh_rate: {base_interval: 2s, max_interval: 3s}, dns_lookup_family: V4_PREFERRED, respect_dns_ttl: true, connect_timeout: 0.25s, upstream_bind_config: {source_address: {address: 127.0.0.6}, extra_source_addresses: [{address: {address: "::1", port_value: 7}}]}, lb_policy: LEAST_REQUEST, least_request_lb_config: {choice_count: 3},
                         typed_extension_protocol_options: {envoy.extensions.upstreams.http.v3.HttpProtocolOptions: {'@type': t/envoy.extensions.upstreams.http.v3.HttpProtocolOptions, common_http_protocol_options: {max_stream_duration: 8s, idle_timeout: 9s, max_connection_duration: 10s, max_requests_per_connection: 11, max_response_headers_kb: 12, max_headers_count: 13}, explicit_http_config: {http2_protocol_options: {initial_stream_window_size: 65535, initial_connection_window_size: 65536, max_concurrent_streams: 14, allow_connect: true, max_outbound_frames: 15, max_outbound_control_frames: 16, max_consecutive_inbound_frames_with_empty_payload: 17, max_inbound_priority_frames_per_stream: 18, max_inbound_window_update_frames_per_data_frame_sent: 19, connection_keepalive: {interval: 20s, timeout: 21s, interval_jitter: {value: 50}}}}}}, circuit_breakers: {thresholds: [{priority: HIGH, max_retries: 9}, {max_connections: 1, max_pending_requests: 2, max_requests: 4294967295, max_retries: 4}]},
                         load_assignment: {cluster_name: c, endpoints: [{lb_endpoints: [
                           {endpoint: {address: {socket_address: {address: a.local, port_value: 1}}}, load_balancing_weight: 5, health_status: DRAINING},
                           {endpoint: {address: {socket_address: {address: "::1", port_value: 65535}}}, health_status: TIMEOUT}]}]}}
                        """);

        assertThat(spec)
                .isEqualTo(
                        new ClusterSpec(
                                "c",
                                new Discovery.Dns(
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
                                        new DnsSpec(
                                                Duration.ofSeconds(1),
                                                Optional.of(
                                                        new DnsSpec.BackOff(
                                                                Duration.ofSeconds(2),
                                                                Duration.ofSeconds(3))),
                                                DnsSpec.Family.V4_PREFERRED)),
                                BalancingSpec.of(new Policy.LeastRequest(3, 1, Optional.empty())),
                                new ConnectSpec(
                                        Duration.ofMillis(250),
                                        Optional.of(
                                                new SourceSpec(
                                                        List.of(
                                                                new InetSocketAddress(
                                                                        InetAddress.ofLiteral(
                                                                                "127.0.0.6"),
                                                                        0),
                                                                new InetSocketAddress(
                                                                        InetAddress.ofLiteral(
                                                                                "::1"),
                                                                        7))))),
                                new UpstreamSpec(
                                        ClusterSpec.Protocol.HTTP2,
                                        Duration.ofSeconds(8),
                                        Duration.ofSeconds(9),
                                        Duration.ofSeconds(10),
                                        11,
                                        12 * 1024,
                                        13,
                                        new UpstreamSpec.Http2(
                                                65_535,
                                                65_536,
                                                14,
                                                UpstreamSpec.Changes.ASKED,
                                                new FloodLimits(15, 16, 17, 18, 19),
                                                Optional.of(
                                                        new KeepAlive(
                                                                Duration.ofSeconds(20),
                                                                Duration.ofSeconds(21),
                                                                0.5)))),
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
    void a_cluster_may_speak_what_its_clients_speak_within_its_own_bounds() {
        UpstreamSpec upstream =
                cluster(
                                """
                                {name: c, typed_extension_protocol_options: {envoy.extensions.upstreams.http.v3.HttpProtocolOptions: {'@type': t/envoy.extensions.upstreams.http.v3.HttpProtocolOptions,
                                  common_http_protocol_options: {max_requests_per_connection: 11}, use_downstream_protocol_config: {http_protocol_options: {}, http2_protocol_options: {max_concurrent_streams: 1073741824}}}}}
                                """)
                        .upstream();

        assertThat(upstream.protocol()).isEqualTo(ClusterSpec.Protocol.CLIENTS);
        assertThat(upstream.mostRequests()).as("requests").isEqualTo(11);
        assertThat(upstream.http2().maxStreams()).as("streams").isEqualTo(1 << 30);
    }

    @Test
    void a_cluster_goes_where_clients_wanted_to_with_envoys_defaults() {
        ClusterSpec spec = cluster("{name: c, type: ORIGINAL_DST, lb_policy: CLUSTER_PROVIDED}");

        assertThat(spec.discovery()).isEqualTo(new Discovery.OriginalDst(Duration.ofSeconds(5)));
        assertThat(spec.balancing())
                .isEqualTo(BalancingSpec.of(new Policy.OriginalDestination("", 0)));
    }

    @Test
    void every_setting_of_an_original_destination_arrives_and_outliers_are_inert() {
        var resource =
                clusterOf(
                                """
                                {name: c, type: ORIGINAL_DST, lb_policy: CLUSTER_PROVIDED, cleanup_interval: 2s, outlier_detection: {},
                                 original_dst_lb_config: {use_http_header: true, http_header_name: X-Goal, upstream_port_override: 15006}}
                                """)
                        .orThrow();

        assertThat(resource.spec().discovery())
                .isEqualTo(new Discovery.OriginalDst(Duration.ofSeconds(2)));
        assertThat(resource.spec().balancing().policy())
                .isEqualTo(new Policy.OriginalDestination("x-goal", 15_006));
        assertThat(resource.spec().outliers()).as("outliers").isEmpty();
        assertThat(resource.inert()).as("inert").containsExactly("outlier_detection");
        assertThat(
                        cluster(
                                        "{name: c, type: ORIGINAL_DST, lb_policy: CLUSTER_PROVIDED, original_dst_lb_config: {use_http_header: true}}")
                                .balancing()
                                .policy())
                .as("Envoy's header by default")
                .isEqualTo(new Policy.OriginalDestination("x-envoy-original-dst-host", 0));
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
                "{} | name | nothing",
                "{name: c, type: LOGICAL_DNS} | load_assignment.endpoints | 0 endpoints",
                "{name: c, type: LOGICAL_DNS, load_assignment: {endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: a.local, port_value: 1}}}}, {endpoint: {address: {socket_address: {address: b.local, port_value: 1}}}}]}]}} | load_assignment.endpoints | 2 endpoints",
                "{name: c, lb_policy: CLUSTER_PROVIDED} | lb_policy | CLUSTER_PROVIDED",
                "{name: c, lb_policy: MAGLEV, maglev_lb_config: {table_size: 65536}} | maglev_lb_config.table_size | 65536",
                "{name: c, lb_policy: RING_HASH, ring_hash_lb_config: {maximum_ring_size: 8388609}} | ring_hash_lb_config.maximum_ring_size | 8388609",
                "{name: c, lb_policy: RING_HASH, ring_hash_lb_config: {minimum_ring_size: 9, maximum_ring_size: 8}} | ring_hash_lb_config.minimum_ring_size | 9",
                "{name: c, common_lb_config: {healthy_panic_threshold: {value: 101}}} | common_lb_config.healthy_panic_threshold | 101.0",
                "{name: c, load_balancing_policy: {policies: []}} | load_balancing_policy.policies | no policy that is known",
                "{name: c, load_assignment: {cluster_name: c, endpoints: [{priority: 1}]}} | load_assignment.endpoints | priorities [1]",
                "{name: c, connect_timeout: 0s} | connect_timeout | 0s",
                "{name: c, upstream_bind_config: {source_address: {address: here}}} | upstream_bind_config.source_address.address | 'here'",
                "{name: c, upstream_bind_config: {source_address: {address: 1.2.3.4, port_value: 65536}}} | upstream_bind_config.source_address.port_value | 65536",
                "{name: c, upstream_bind_config: {source_address: {address: 1.2.3.4, protocol: UDP}}} | upstream_bind_config.source_address.protocol | UDP",
                "{name: c, upstream_bind_config: {source_address: {address: 1.2.3.4}, freebind: true}} | upstream_bind_config.freebind | field freebind",
                "{name: c, upstream_bind_config: {extra_source_addresses: [{address: {address: 1.2.3.4}}]}} | upstream_bind_config.extra_source_addresses | extra addresses without a first one",
                "{name: c, upstream_bind_config: {source_address: {address: 1.2.3.4}, extra_source_addresses: [{address: {address: 1.2.3.5}}]}} | upstream_bind_config.extra_source_addresses[0].address | a second address of its kind: '1.2.3.5'",
                "{name: c, transport_socket: {name: tls}} | transport_socket | 'tls' without typed_config",
                "{name: c, health_checks: [{timeout: 1s}]} | health_checks[0] | no question",
                "{name: c, type: ORIGINAL_DST} | lb_policy | ROUND_ROBIN",
                "{name: c, type: ORIGINAL_DST, lb_policy: CLUSTER_PROVIDED, load_assignment: {cluster_name: c}} | load_assignment | endpoints in an ORIGINAL_DST cluster",
                "{name: c, type: ORIGINAL_DST, lb_policy: CLUSTER_PROVIDED, health_checks: [{timeout: 1s}]} | health_checks | health checks of an ORIGINAL_DST cluster",
                "{name: c, type: ORIGINAL_DST, lb_policy: CLUSTER_PROVIDED, cleanup_interval: 0s} | cleanup_interval | 0s",
                "{name: c, type: ORIGINAL_DST, lb_policy: CLUSTER_PROVIDED, original_dst_lb_config: {upstream_port_override: 65536}} | original_dst_lb_config.upstream_port_override | 65536",
                "{name: c, type: ORIGINAL_DST, lb_policy: CLUSTER_PROVIDED, original_dst_lb_config: {use_http_header: true, http_header_name: 'a b'}} | original_dst_lb_config.http_header_name | 'a b'",
                "{name: c, type: ORIGINAL_DST, lb_policy: CLUSTER_PROVIDED, original_dst_lb_config: {metadata_key: {key: k}}} | original_dst_lb_config.metadata_key | field metadata_key",
                "{name: c, type: ORIGINAL_DST, load_balancing_policy: {policies: []}} | load_balancing_policy | a policy in an ORIGINAL_DST cluster",
                "{name: c, original_dst_lb_config: {}} | original_dst_lb_config | in a cluster of type STATIC",
                "{name: c, type: EDS} | eds_cluster_config.eds_config | no ads",
                "{name: c, type: EDS, eds_cluster_config: {eds_config: {ads: {}, initial_fetch_timeout: 1s}}} | eds_cluster_config.eds_config.initial_fetch_timeout | a limit",
                "{name: c, least_request_lb_config: {choice_count: 1}, lb_policy: LEAST_REQUEST} | least_request_lb_config.choice_count | 1",
                "{name: c, circuit_breakers: {thresholds: [{}, {}]}} | circuit_breakers.thresholds[1] | priority 'DEFAULT' a second time",
                "{name: c, load_assignment: {endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: a.local, port_value: 1}}}}]}]}} | load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.socket_address.address | 'a.local'",
                "{name: c, load_assignment: {endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 1.2.3.4, port_value: 0}}}}]}]}} | load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.socket_address.port_value | 0",
                "{name: c, load_assignment: {endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 1.2.3.4}}}}]}]}} | load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.socket_address | no port_value",
                "{name: c, load_assignment: {endpoints: [{lb_endpoints: [{endpoint: {address: {pipe: {path: x}}}}]}]}} | load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.pipe | field pipe",
                "{name: c, typed_extension_protocol_options: {x: {'@type': t/acme.X}}} | typed_extension_protocol_options[\"x\"] | options of x",
                "{name: c, http2_protocol_options: {initial_stream_window_size: 1}} | http2_protocol_options.initial_stream_window_size | 1",
                "{name: c, http2_protocol_options: {max_concurrent_streams: 0}} | http2_protocol_options.max_concurrent_streams | 0",
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
}
