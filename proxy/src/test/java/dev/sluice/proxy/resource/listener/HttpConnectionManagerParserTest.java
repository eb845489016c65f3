package dev.sluice.proxy.resource.listener;

import static dev.sluice.proxy.resource.YamlResources.ROUTER;
import static dev.sluice.proxy.resource.YamlResources.listener;
import static dev.sluice.proxy.resource.YamlResources.manager;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.ResourceParsers;
import dev.sluice.proxy.resource.log.LogFormatParser;
import dev.sluice.proxy.snapshot.listener.ConnectionSpec;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.CodecType;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.Forwarding;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.Limits;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.PathNormalization;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.RouteSource;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.Timeouts;
import dev.sluice.proxy.snapshot.listener.ProxyStatusSpec;
import dev.sluice.proxy.snapshot.log.AccessLogSpec;
import dev.sluice.proxy.snapshot.part.CidrSpec;
import dev.sluice.proxy.snapshot.part.FloodLimits;
import dev.sluice.proxy.snapshot.part.KeepAlive;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpConnectionManagerParserTest {
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
                                ConnectionSpec.DEFAULT,
                                PathNormalization.NONE,
                                Forwarding.DEFAULT,
                                ProxyStatusSpec.DEFAULT,
                                List.of(),
                                Optional.empty()));
    }

    @Test
    void every_implemented_setting_of_a_connection_manager_arrives() {
        HttpConnectionManagerSpec spec =
                manager(
                        """
                        rds: {route_config_name: r, config_source: {ads: {}}}, stat_prefix: s, codec_type: HTTP2, server_name: me, proxy_100_continue: true,
                        common_http_protocol_options: {idle_timeout: 1s, max_headers_count: 7, max_stream_duration: 9s, max_connection_duration: 10s, max_requests_per_connection: 11}, max_request_headers_kb: 8,
                        internal_address_config: {cidr_ranges: [{address_prefix: 10.0.0.0, prefix_len: 8}]},
                        http_protocol_options: {accept_http_10: true, enable_trailers: true},
                        http2_protocol_options: {max_concurrent_streams: 9, initial_stream_window_size: 65536, initial_connection_window_size: 65537, allow_connect: true, override_stream_error_on_invalid_http_message: true,
                          max_outbound_frames: 1, max_outbound_control_frames: 2, max_consecutive_inbound_frames_with_empty_payload: 3,
                          max_inbound_priority_frames_per_stream: 4, max_inbound_window_update_frames_per_data_frame_sent: 5,
                          connection_keepalive: {interval: 6s, timeout: 7s, interval_jitter: {value: 50}}},
                        upgrade_configs: [{upgrade_type: WebSocket}, {upgrade_type: other/1, enabled: false}],
                        stream_idle_timeout: 2s, request_headers_timeout: 3s, request_timeout: 4s, drain_timeout: 5.5s,
                        use_remote_address: true, xff_num_trusted_hops: 2, generate_request_id: false, normalize_path: true, merge_slashes: true,
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
        assertThat(spec.connections())
                .isEqualTo(
                        new ConnectionSpec(
                                11,
                                Duration.ofSeconds(10),
                                new FloodLimits(1, 2, 3, 4, 5),
                                Optional.of(
                                        new KeepAlive(
                                                Duration.ofSeconds(6),
                                                Duration.ofSeconds(7),
                                                0.5))));
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
                                2,
                                HttpConnectionManagerSpec.RequestIds.NEVER,
                                List.of(new CidrSpec(InetAddress.ofLiteral("10.0.0.0"), 8)),
                                HttpConnectionManagerSpec.Expecting.UPSTREAM,
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
                                        "rds: {route_config_name: r, config_source: {ads: {}}},"
                                                + " http_filters: [{name: a, is_optional: true,"
                                                + " typed_config: {'@type': t/acme.A}}, {name: b,"
                                                + " disabled: true}, "
                                                + ROUTER
                                                + "]"))
                        .orThrow();

        assertThat(resource.inert())
                .containsExactly(
                        "filter_chains[0].filters[0].typed_config.http_filters[0]",
                        "filter_chains[0].filters[0].typed_config.http_filters[1]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http_filters: [] | http_filters | no router",
                "http_filters: [{name: x, typed_config: {'@type': t/acme.X}}, ROUTER] |"
                        + " http_filters[0] | filter 'x' of type acme.X",
                "http_filters: [{name: x}, ROUTER] | http_filters[0] | 'x' without typed_config",
                "http_filters: [ROUTER, {name: g, typed_config: {'@type':"
                        + " t/sluice.gate.v1.GateFilter}}] | http_filters[0] | the router before other"
                        + " filters",
                "http_filters: [ROUTER, ROUTER] | http_filters[1].name | 'router' a second time",
                "http_filters: [ROUTER], codec_type: HTTP3 | codec_type | HTTP3",
                "http_filters: [ROUTER], max_request_headers_kb: 8193 | max_request_headers_kb |"
                        + " 8193",
                "http_filters: [ROUTER], http2_protocol_options:"
                        + " {override_stream_error_on_invalid_http_message: false} |"
                        + " http2_protocol_options.override_stream_error_on_invalid_http_message |"
                        + " false",
                "http_filters: [ROUTER], xff_num_trusted_hops: 1001 | xff_num_trusted_hops | 1001",
                "http_filters: [ROUTER], skip_xff_append: true | skip_xff_append | field"
                        + " skip_xff_append",
                "http_filters: [{name: g, typed_config: {'@type': t/sluice.gate.v1.GateFilter,"
                        + " carried_trust: MTLS_PEERS}}, ROUTER] |"
                        + " http_filters[0].typed_config.trusted_ids | 0 ids",
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
}
