package dev.sluice.proxy.resource.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.Problem;
import dev.sluice.contract.document.DocumentReader;
import dev.sluice.proxy.resource.ResourceParsers;
import dev.sluice.proxy.resource.read.Extensions;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec;
import dev.sluice.proxy.snapshot.trace.SpanTag;
import dev.sluice.proxy.snapshot.trace.SpanTarget;
import dev.sluice.proxy.snapshot.trace.SpanTarget.Protocol;
import dev.sluice.proxy.snapshot.trace.TracingSpec;
import dev.sluice.proxy.snapshot.trace.TracingSpec.Sampling;
import dev.sluice.proxy.snapshot.trace.TracingSpec.Spans;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TracingParserTest {
    private static final String TRACER =
            "provider: {name: t, typed_config: {'@type': t/envoy.config.trace.v3.OpenTelemetryConfig, %s}}";

    private static Listener listener(String tracing) {
        String manager =
                "'@type': t/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager,"
                        + " rds: {route_config_name: r, config_source: {ads: {}, resource_api_version: V3}},"
                        + " http_filters: [{name: router, typed_config: {'@type': t/envoy.extensions.filters.http.router.v3.Router}}],"
                        + " tracing: {"
                        + tracing
                        + "}";
        String yaml =
                "{name: l, address: {socket_address: {address: 127.0.0.1, port_value: 80}},"
                        + " filter_chains: [{filters: [{name: http, typed_config: {"
                        + manager
                        + "}}]}]}";
        return new DocumentReader(Extensions.TYPES)
                .read(yaml, "f", Listener.getDefaultInstance())
                .orThrow()
                .message();
    }

    private static Optional<TracingSpec> tracing(String tracing) {
        var spec = ResourceParsers.listener(listener(tracing)).orThrow().spec();
        return ((HttpConnectionManagerSpec) spec.chains().getFirst().filter()).tracing();
    }

    @Test
    void a_tracer_alone_has_the_defaults_of_envoy() {
        assertThat(tracing(TRACER.formatted("grpc_service: {envoy_grpc: {cluster_name: c}}")))
                .contains(
                        new TracingSpec(
                                new SpanTarget(
                                        "c",
                                        Protocol.GRPC,
                                        "c",
                                        "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
                                        Map.of(),
                                        Duration.ofSeconds(10),
                                        Map.of(
                                                "service.name", "unknown_service:sluice",
                                                "telemetry.sdk.name", "sluice",
                                                "telemetry.sdk.language", "java")),
                                Sampling.ALL,
                                List.of(),
                                Spans.REQUEST,
                                256));
    }

    @Test
    void every_setting_arrives() {
        TracingSpec spec =
                tracing(
                                "client_sampling: {value: 1}, random_sampling: {value: 0.5},"
                                        + " overall_sampling: {value: 50}, max_path_tag_length: 10,"
                                        + " spawn_upstream_span: true, custom_tags: ["
                                        + "{tag: a, literal: {value: x}},"
                                        + "{tag: b, environment: {name: SLUICE_NOT_SET, default_value: y}},"
                                        + "{tag: c, request_header: {name: X-User, default_value: nobody}},"
                                        + "{tag: d, metadata: {kind: {request: {}}, metadata_key: {key: sluice.gate, path: [{key: arm}]}}},"
                                        + "{tag: e, metadata: {kind: {route: {}}, metadata_key: {key: r, path: [{key: k}]}, default_value: z}}],"
                                        + TRACER.formatted(
                                                "service_name: shop, resource_detectors: [{name: s, typed_config: {'@type': t/envoy.extensions.tracers.opentelemetry.resource_detectors.v3.StaticConfigResourceDetectorConfig, attributes: {team: orders}}}],"
                                                        + " http_service: {http_uri: {uri: 'http://collector:4318/v1/traces', cluster: c, timeout: 2s},"
                                                        + " request_headers_to_add: [{header: {key: Authorization, value: t}}]}"))
                        .orElseThrow();

        assertThat(spec.sampling())
                .isEqualTo(
                        Sampling.of(
                                new PartsPerMillion(10_000),
                                new PartsPerMillion(5_000),
                                new PartsPerMillion(500_000)));
        assertThat(spec.longestPath()).isEqualTo(10);
        assertThat(spec.spans()).isEqualTo(Spans.REQUEST_AND_ATTEMPTS);
        assertThat(spec.tags())
                .containsExactly(
                        new SpanTag.Literal("a", "x"),
                        new SpanTag.Literal("b", "y"),
                        new SpanTag.Header("c", "x-user", Optional.of("nobody")),
                        new SpanTag.Metadata("d", "sluice.gate", "arm", Optional.empty()),
                        new SpanTag.Literal("e", "z"));
        assertThat(spec.target().protocol()).isEqualTo(Protocol.HTTP);
        assertThat(spec.target().authority()).isEqualTo("collector:4318");
        assertThat(spec.target().path()).isEqualTo("/v1/traces");
        assertThat(spec.target().headers()).containsExactly(Map.entry("authorization", "t"));
        assertThat(spec.target().timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(spec.target().resource())
                .containsEntry("service.name", "shop")
                .containsEntry("team", "orders");
    }

    @Test
    void another_tracer_has_no_effect_and_is_listed() {
        var resource =
                ResourceParsers.listener(
                                listener(
                                        "provider: {name: envoy.tracers.zipkin, typed_config: {'@type': t/xds.type.v3.TypedStruct, type_url: t/envoy.config.trace.v3.ZipkinConfig}}"))
                        .orThrow();

        assertThat(
                        ((HttpConnectionManagerSpec) resource.spec().chains().getFirst().filter())
                                .tracing())
                .isEmpty();
        assertThat(resource.inert()).anyMatch(path -> path.endsWith("tracing.provider"));
    }

    @Test
    void every_mistake_is_told() {
        List<Problem> problems =
                ResourceParsers.listener(
                                listener(
                                        "random_sampling: {value: 101}, custom_tags: [{tag: a}, {literal: {value: x}}],"
                                                + TRACER.formatted("service_name: s")))
                        .problems();

        assertThat(problems)
                .extracting(
                        problem -> problem.path().substring(problem.path().indexOf("tracing") + 8))
                .containsExactlyInAnyOrder(
                        "random_sampling",
                        "custom_tags[0]",
                        "custom_tags[1].tag",
                        "provider.typed_config");
    }

    @Test
    void pairs_of_the_environment_are_decoded_and_others_left_out() {
        assertThat(SpanResources.attributes("a=1, b = x%20y,none,=2,c=a+b%"))
                .isEqualTo(Map.of("a", "1", "b", "x y", "c", "a+b%"));
    }
}
