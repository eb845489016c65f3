package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.Mailbox;
import dev.sluice.testkit.grpc.GrpcScript;
import dev.sluice.testkit.grpc.GrpcUpstream;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Request;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.RawHttp1Client;
import io.grpc.Metadata;
import io.grpc.Status;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Spans of real exchanges, as a collector gets them over OTLP. */
@ExtendWith(LeakCheck.class)
class TracingIT {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";

    private final Telemetry telemetry = new Telemetry();
    private final Mailbox<ExportTraceServiceRequest> batches = new Mailbox<>("a batch of spans");

    @AfterEach
    void close() {
        telemetry.close();
    }

    private GrpcScript<byte[], byte[]> collector() {
        return call -> {
            batches.put(parse(call.read().orElseThrow()));
            call.send(ExportTraceServiceResponse.getDefaultInstance().toByteArray());
            call.end(Status.OK);
        };
    }

    private static ExportTraceServiceRequest parse(byte[] request) {
        try {
            return ExportTraceServiceRequest.parseFrom(request);
        } catch (IOException malformed) {
            throw new AssertionError(malformed);
        }
    }

    private static String tracing(String more, String service) {
        return "tracing: {spawn_upstream_span: true, "
                + more
                + "provider: {name: t, typed_config: {\"@type\": type.googleapis.com/envoy.config.trace.v3.OpenTelemetryConfig, service_name: shop, "
                + service
                + "}}}";
    }

    private static final String GRPC =
            "grpc_service: {envoy_grpc: {cluster_name: collector}, initial_metadata: [{key: x-tenant, value: t1}]}";

    /** Sends the spans of the next exchange that ends. */
    private void trace(RunningProxy proxy) {
        telemetry.sendSpansBy(proxy.proxy().spanSender());
        telemetry.observers().exchanges().finished(proxy.nextRecord());
    }

    private List<Span> nextSpans() {
        return batches.next().getResourceSpans(0).getScopeSpans(0).getSpansList();
    }

    private static String id(Span span) {
        return HexFormat.of().formatHex(span.getSpanId().toByteArray());
    }

    private static String parent(Span span) {
        return HexFormat.of().formatHex(span.getParentSpanId().toByteArray());
    }

    private static String attribute(Span span, String name) {
        return span.getAttributesList().stream()
                .filter(one -> one.getKey().equals(name))
                .map(KeyValue::getValue)
                .map(value ->
                        value.hasIntValue()
                                ? Long.toString(value.getIntValue())
                                : value.getStringValue())
                .findFirst()
                .orElse("");
    }

    @Test
    void a_trace_goes_on_through_a_gate_and_its_retry_to_the_upstream() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        try (GrpcUpstream collector = GrpcUpstream.start(collector());
                H1Upstream fresh =
                        H1Upstream.start(request ->
                                asked.incrementAndGet() == 1
                                        ? H1Answer.status(503)
                                        : H1Answer.ok("new"));
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.withManager(
                                        tracing(
                                                "custom_tags: [{tag: user, request_header: {name: x-user}}], ",
                                                GRPC),
                                        Yaml.bootstrap(
                                                Yaml.gatedRoute(1_000_000, "READ", "")
                                                        .replace(
                                                                "timeout: 3s",
                                                                "timeout: 30s, retry_policy: {retry_on: 5xx, num_retries: 1}"),
                                                Yaml.cluster("old", fresh.port()),
                                                Yaml.cluster("new", fresh.port()),
                                                Yaml.http2Cluster(
                                                        "collector", collector.port()))))) {
            String header = "00-" + TRACE + "-" + PARENT + "-01";
            RawHttp1Client.get(
                    proxy.port(), "/orders?id=1", "x-user", "u17", "traceparent", header);
            trace(proxy);

            List<Span> spans = nextSpans();
            assertThat(spans).hasSize(3);
            Span request = spans.getFirst();
            assertThat(parent(request)).isEqualTo(PARENT);
            assertThat(attribute(request, "sluice.gate")).isEqualTo("orders");
            assertThat(attribute(request, "sluice.gate.arm")).isEqualTo("NEW");
            assertThat(attribute(request, "user")).isEqualTo("u17");
            assertThat(attribute(request, "http.response.status_code")).isEqualTo("200");
            assertThat(spans.subList(1, 3)).extracting(TracingIT::parent).containsOnly(id(request));
            assertThat(spans.subList(1, 3))
                    .extracting(span -> attribute(span, "http.response.status_code"))
                    .containsExactly("503", "200");
            List<String> seen =
                    fresh.received().stream()
                            .map(one -> one.headers().first("traceparent").orElseThrow())
                            .toList();
            assertThat(seen)
                    .as("what each attempt told the upstream")
                    .containsExactly(
                            "00-" + TRACE + "-" + id(spans.get(1)) + "-01",
                            "00-" + TRACE + "-" + id(spans.get(2)) + "-01");
            GrpcUpstream.Call call = collector.next();
            assertThat(call.method())
                    .isEqualTo("opentelemetry.proto.collector.trace.v1.TraceService/Export");
            assertThat(
                            call.metadata()
                                    .get(
                                            Metadata.Key.of(
                                                    "x-tenant", Metadata.ASCII_STRING_MARSHALLER)))
                    .isEqualTo("t1");
        }
    }

    @Test
    void a_request_that_is_not_sampled_is_marked_so_and_sent_nowhere() throws IOException {
        try (GrpcUpstream collector = GrpcUpstream.start(collector());
                H1Upstream app = H1Upstream.start(request -> H1Answer.ok("app"));
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.withManager(
                                        tracing("random_sampling: {value: 0}, ", GRPC),
                                        Yaml.bootstrap(
                                                Yaml.routeTo("app"),
                                                Yaml.cluster("app", app.port()),
                                                Yaml.http2Cluster(
                                                        "collector", collector.port()))))) {
            RawHttp1Client.get(proxy.port(), "/first");
            trace(proxy);
            String sampled = "00-" + TRACE + "-" + PARENT + "-01";
            RawHttp1Client.get(proxy.port(), "/second", "traceparent", sampled);
            trace(proxy);

            assertThat(nextSpans())
                    .as("spans of the first batch")
                    .extracting(span -> attribute(span, "url.path"))
                    .startsWith("/second");
            H1Request first = app.next();
            assertThat(first.headers().first("traceparent").orElseThrow()).endsWith("-00");
        }
    }

    @Test
    void a_collector_may_be_asked_over_plain_http() throws IOException {
        try (H1Upstream collector = H1Upstream.start(request -> H1Answer.ok(""));
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.withManager(
                                        tracing(
                                                "",
                                                "http_service: {http_uri: {uri: \"http://otel:4318/v1/traces\", cluster: collector, timeout: 30s}}"),
                                        Yaml.bootstrap(
                                                "- {match: {prefix: /}, direct_response: {status: 418}}\n",
                                                Yaml.cluster("collector", collector.port()))))) {
            RawHttp1Client.get(proxy.port(), "/tea");
            trace(proxy);

            H1Request sent = collector.next();
            assertThat(sent.target()).isEqualTo("/v1/traces");
            assertThat(sent.headers().first("content-type")).contains("application/x-protobuf");
            Span span = parse(sent.body().bytes()).getResourceSpans(0).getScopeSpans(0).getSpans(0);
            assertThat(attribute(span, "http.response.status_code")).isEqualTo("418");
        }
    }
}
