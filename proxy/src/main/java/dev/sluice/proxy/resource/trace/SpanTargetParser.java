package dev.sluice.proxy.resource.trace;

import dev.sluice.proxy.resource.read.HttpUris;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.trace.SpanTarget;
import dev.sluice.proxy.snapshot.trace.SpanTarget.Protocol;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HttpService;
import io.envoyproxy.envoy.config.trace.v3.OpenTelemetryConfig;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads where spans go; empty after a problem. Stateless. */
final class SpanTargetParser {
    private static final String EXPORT =
            "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

    private SpanTargetParser() {}

    static Optional<SpanTarget> parse(OpenTelemetryConfig proto, Spot at) {
        Map<String, String> resource = SpanResources.parse(proto, at);
        if (proto.hasGrpcService() == proto.hasHttpService()) {
            at.add(
                    proto.hasGrpcService() ? "both services" : "no service",
                    "grpc_service or http_service",
                    "name the collector's cluster in one of them");
            return Optional.empty();
        }
        return proto.hasGrpcService()
                ? grpc(proto.getGrpcService(), resource, at.field("grpc_service"))
                : http(proto.getHttpService(), resource, at.field("http_service"));
    }

    private static Optional<SpanTarget> grpc(
            GrpcService proto, Map<String, String> resource, Spot at) {
        int before = at.problems().count();
        Spot envoy = at.field("envoy_grpc");
        String cluster =
                Values.text(proto.getEnvoyGrpc().getClusterName(), envoy.field("cluster_name"));
        String authority = proto.getEnvoyGrpc().getAuthority();
        Map<String, String> headers = new TreeMap<>();
        for (int i = 0; i < proto.getInitialMetadataCount(); i++) {
            header(proto.getInitialMetadata(i), at.field("initial_metadata").index(i), headers);
        }
        Duration timeout = timeout(proto.hasTimeout(), proto.getTimeout(), at.field("timeout"));
        return at.problems().count() > before
                ? Optional.empty()
                : Optional.of(
                        new SpanTarget(
                                cluster,
                                Protocol.GRPC,
                                authority.isEmpty() ? cluster : authority,
                                EXPORT,
                                headers,
                                timeout,
                                resource));
    }

    private static Optional<SpanTarget> http(
            HttpService proto, Map<String, String> resource, Spot at) {
        int before = at.problems().count();
        Spot uri = at.field("http_uri");
        Optional<HttpUris.Place> to =
                HttpUris.parse(proto.getHttpUri(), "http://collector:4318/v1/traces", uri);
        Duration timeout =
                timeout(
                        proto.getHttpUri().hasTimeout(),
                        proto.getHttpUri().getTimeout(),
                        uri.field("timeout"));
        Map<String, String> headers = new TreeMap<>();
        for (int i = 0; i < proto.getRequestHeadersToAddCount(); i++) {
            header(
                    proto.getRequestHeadersToAdd(i).getHeader(),
                    at.field("request_headers_to_add").index(i).field("header"),
                    headers);
        }
        return at.problems().count() > before
                ? Optional.empty()
                : to.map(known ->
                        new SpanTarget(
                                known.cluster(),
                                Protocol.HTTP,
                                known.authority(),
                                known.path(),
                                headers,
                                timeout,
                                resource));
    }

    private static void header(HeaderValue proto, Spot at, Map<String, String> headers) {
        String name = Values.text(proto.getKey(), at.field("key")).toLowerCase(Locale.ROOT);
        Values.headerValue(proto.getValue(), at.field("value"))
                .ifPresent(value -> headers.put(name, value));
    }

    private static Duration timeout(boolean written, com.google.protobuf.Duration proto, Spot at) {
        return written ? Values.positive(proto, at) : SpanTarget.TIMEOUT;
    }
}
