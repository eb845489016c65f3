package dev.sluice.proxy.telemetry.trace;

import dev.sluice.proxy.observe.AttemptRecord;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.proxy.observe.TraceFacts;
import dev.sluice.proxy.snapshot.log.LogMetadata;
import dev.sluice.proxy.snapshot.trace.SpanTag;
import dev.sluice.proxy.telemetry.MetadataText;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Attributes of spans: OpenTelemetry's names where it has some (semantic conventions for HTTP and
 * RPC), {@code sluice.} before others. Empty values are left out. For one span.
 */
final class SpanAttributes {
    /** Parameters that hold keys to storage: OpenTelemetry asks for their values to be hidden. */
    private static final Set<String> SECRET =
            Set.of("AWSAccessKeyId", "Signature", "sig", "X-Goog-Signature");

    private static final List<String> GATE =
            List.of(
                    "gate",
                    "arm",
                    "mode",
                    "bucket",
                    "revision",
                    "reason",
                    "rule",
                    "operation",
                    "result",
                    "fallback");

    private final List<KeyValue> values = new ArrayList<>();

    private SpanAttributes() {}

    static List<KeyValue> ofRequest(ExchangeRecord exchange, TraceFacts trace, String error) {
        SpanAttributes all = new SpanAttributes();
        all.text("http.request.method", exchange.method());
        all.text("url.scheme", trace.scheme());
        all.target(exchange.path(), trace.spec().longestPath());
        all.authority(exchange.authority());
        all.text("user_agent.original", exchange.userAgent());
        all.address("client.address", "client.port", exchange.downstream());
        all.protocol(exchange.protocol());
        all.statuses(exchange.status(), exchange.grpcStatus(), error);
        all.number("http.request.body.size", exchange.bytesReceived());
        all.number("http.response.body.size", exchange.bytesSent());
        all.text("sluice.listener", exchange.listener());
        all.text("sluice.route", exchange.route());
        all.text("sluice.request_id", exchange.requestId());
        all.text(
                "sluice.response_flags",
                exchange.flags().stream().map(ResponseFlag::word).collect(Collectors.joining(",")));
        exchange.upstream()
                .ifPresent(upstream -> {
                    all.text("sluice.cluster", upstream.cluster());
                    all.number("sluice.attempts", upstream.attempts());
                });
        all.gate(exchange);
        trace.spec().tags().forEach(tag -> all.tag(tag, exchange, trace));
        return all.values;
    }

    static List<KeyValue> ofAttempt(ExchangeRecord exchange, AttemptRecord attempt, String error) {
        SpanAttributes all = new SpanAttributes();
        all.text("http.request.method", exchange.method());
        attempt.host().ifPresent(host -> all.address("server.address", "server.port", host));
        all.statuses(attempt.status(), attempt.grpcStatus(), error);
        all.text("sluice.cluster", attempt.cluster());
        return all.values;
    }

    private void gate(ExchangeRecord exchange) {
        for (String key : GATE) {
            MetadataText.of(LogMetadata.GATE, key, exchange)
                    .ifPresent(value ->
                            text(key.equals("gate") ? "sluice.gate" : "sluice.gate." + key, value));
        }
    }

    private void tag(SpanTag tag, ExchangeRecord exchange, TraceFacts trace) {
        switch (tag) {
            case SpanTag.Literal(String name, String value) -> text(name, value);
            case SpanTag.Header(String name, String header, var otherwise) ->
                    text(name, trace.headers().getOrDefault(header, otherwise.orElse("")));
            case SpanTag.Metadata(String name, String namespace, String key, var otherwise) ->
                    text(
                            name,
                            MetadataText.of(namespace, key, exchange)
                                    .or(() -> otherwise)
                                    .orElse(""));
        }
    }

    private void target(String path, int longest) {
        int query = path.indexOf('?');
        text("url.path", cut(query < 0 ? path : path.substring(0, query), longest));
        if (query >= 0) {
            text("url.query", cut(withoutSecrets(path.substring(query + 1)), longest));
        }
    }

    private static String withoutSecrets(String query) {
        List<String> shown = new ArrayList<>();
        for (String parameter : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            boolean secret = equals >= 0 && SECRET.contains(parameter.substring(0, equals));
            shown.add(secret ? parameter.substring(0, equals) + "=REDACTED" : parameter);
        }
        return String.join("&", shown);
    }

    private static String cut(String text, int longest) {
        return text.length() > longest ? text.substring(0, longest) : text;
    }

    private void authority(String authority) {
        int colon = authority.lastIndexOf(':');
        boolean port = colon >= 0 && authority.indexOf(']', colon) < 0;
        text("server.address", port ? authority.substring(0, colon) : authority);
        String digits = port ? authority.substring(colon + 1) : "";
        if (digits.matches("[0-9]{1,5}")) {
            number("server.port", Integer.parseInt(digits));
        }
    }

    private void address(String host, String port, InetSocketAddress address) {
        text(
                host,
                address.getAddress() == null
                        ? address.getHostString()
                        : address.getAddress().getHostAddress());
        number(port, address.getPort());
    }

    private void protocol(String protocol) {
        int slash = protocol.indexOf('/');
        if (slash > 0) {
            text("network.protocol.name", "http");
            text("network.protocol.version", protocol.substring(slash + 1));
        }
    }

    private void statuses(int status, int grpcStatus, String error) {
        if (status > 0) {
            number("http.response.status_code", status);
        }
        if (grpcStatus >= 0) {
            text("rpc.system", "grpc");
            number("rpc.grpc.status_code", grpcStatus);
        }
        text("error.type", error);
    }

    private void text(String name, String value) {
        if (!value.isEmpty()) {
            values.add(
                    KeyValue.newBuilder()
                            .setKey(name)
                            .setValue(AnyValue.newBuilder().setStringValue(value))
                            .build());
        }
    }

    private void number(String name, long value) {
        values.add(
                KeyValue.newBuilder()
                        .setKey(name)
                        .setValue(AnyValue.newBuilder().setIntValue(value))
                        .build());
    }
}
