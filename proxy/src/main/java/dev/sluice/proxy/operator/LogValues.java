package dev.sluice.proxy.operator;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.InjectedFault;
import dev.sluice.proxy.observe.LogFacts;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.proxy.snapshot.log.LogFact;
import dev.sluice.proxy.snapshot.log.LogMetadata;
import dev.sluice.proxy.snapshot.log.LogPart;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What each command operator says about an exchange. Stateless. */
public final class LogValues {
    private static final String NOTHING = "-";

    private LogValues() {}

    /** What a part says; {@link LogValue#NONE} where there is no such value. */
    public static LogValue of(LogPart part, ExchangeRecord exchange) {
        return switch (part) {
            case LogPart.Literal(String text) -> LogValue.text(text);
            case LogPart.Settled(Optional<String> value) ->
                    value.<LogValue>map(LogValue.Text::new).orElse(LogValue.NONE);
            case LogPart.Start(var pattern) ->
                    new LogValue.Text(pattern.at(exchange.startEpochMillis()));
            case LogPart.Fact(LogFact fact) -> fact(fact, exchange);
            case LogPart.Field field -> field(field, exchange);
            case LogPart.Query query -> query(query, exchange);
            case LogPart.Either(var first, var second) ->
                    of(first, exchange) instanceof LogValue.None
                            ? of(second, exchange)
                            : of(first, exchange);
            case LogPart.Grpc(var form) -> GrpcWords.of(exchange.grpcStatus(), form);
            case LogPart.Address address -> LogAddresses.of(address, exchange);
            case LogPart.Metadata metadata -> metadata(metadata, exchange);
        };
    }

    private static LogValue fact(LogFact fact, ExchangeRecord exchange) {
        ExchangeRecord.Times times = exchange.times();
        return switch (fact) {
            case PROTOCOL ->
                    exchange.protocol().equals(NOTHING)
                            ? LogValue.NONE
                            : LogValue.text(exchange.protocol());
            case RESPONSE_CODE -> new LogValue.Count(exchange.status());
            case RESPONSE_CODE_DETAILS -> LogValue.text(details(exchange).replaceAll("\\s", "_"));
            case RESPONSE_CODE_DETAILS_AS_THEY_ARE -> LogValue.text(details(exchange));
            case RESPONSE_FLAGS -> flags(exchange, ResponseFlag::word);
            case RESPONSE_FLAGS_LONG -> flags(exchange, ResponseFlag::longWord);
            case BYTES_RECEIVED -> new LogValue.Count(exchange.bytesReceived());
            case BYTES_SENT -> new LogValue.Count(exchange.bytesSent());
            case DURATION -> millis(times.total());
            case REQUEST_DURATION -> millis(times.requestEnd());
            case RESPONSE_DURATION -> millis(times.upstreamHead());
            case RESPONSE_TX_DURATION ->
                    times.upstreamHead() < 0
                            ? LogValue.NONE
                            : millis(times.total() - times.upstreamHead());
            case UPSTREAM_HOST -> LogAddresses.upstream(exchange);
            case UPSTREAM_CLUSTER, UPSTREAM_CLUSTER_RAW ->
                    LogValue.text(
                            exchange.upstream().map(ExchangeRecord.Upstream::cluster).orElse(""));
            case UPSTREAM_REQUEST_ATTEMPT_COUNT ->
                    new LogValue.Count(
                            exchange.upstream().map(ExchangeRecord.Upstream::attempts).orElse(0));
            case ROUTE_NAME -> LogValue.text(exchange.route());
            case REQUESTED_SERVER_NAME -> LogValue.text(exchange.log().serverName());
            case GRPC_STATUS_NUMBER -> LogValue.known(exchange.grpcStatus());
            case STREAM_ID -> LogValue.text(exchange.requestId());
            case TRACE_ID ->
                    LogValue.text(
                            exchange.trace().map(trace -> trace.context().traceId()).orElse(""));
            case ACCESS_LOG_TYPE ->
                    LogValue.text(
                            exchange.protocol().equals(NOTHING)
                                    ? "TcpConnectionEnd"
                                    : "DownstreamEnd");
            case DOWNSTREAM_PEER_SUBJECT -> client(exchange, LogFacts.Client::subject);
            case DOWNSTREAM_PEER_URI_SAN -> client(exchange, of -> String.join(",", of.uris()));
            case DOWNSTREAM_PEER_DNS_SAN -> client(exchange, of -> String.join(",", of.dnsNames()));
            case DOWNSTREAM_PEER_FINGERPRINT_256 -> client(exchange, LogFacts.Client::hash);
        };
    }

    private static String details(ExchangeRecord exchange) {
        if (!exchange.details().isEmpty()) {
            return exchange.details();
        }
        if (exchange.status() == 0) {
            return "";
        }
        return exchange.upstream().isPresent() ? "via_upstream" : "direct_response";
    }

    private static LogValue flags(ExchangeRecord exchange, Function<ResponseFlag, String> word) {
        return new LogValue.Text(
                exchange.flags().isEmpty()
                        ? NOTHING
                        : exchange.flags().stream().map(word).collect(Collectors.joining(",")));
    }

    private static LogValue field(LogPart.Field field, ExchangeRecord exchange) {
        Map<String, List<String>> fields =
                switch (field.block()) {
                    case REQUEST -> exchange.log().request();
                    case RESPONSE -> exchange.log().response();
                    case TRAILERS -> exchange.log().trailers();
                };
        Optional<String> value =
                first(fields, field.name())
                        .or(() -> field.alternative().flatMap(other -> first(fields, other)));
        return value.map(text -> cut(seen(text, field.view()), field.longest()))
                .orElse(LogValue.NONE);
    }

    private static String seen(String text, LogPart.View view) {
        int query = view == LogPart.View.WITHOUT_QUERY ? text.indexOf('?') : -1;
        return query < 0 ? text : text.substring(0, query);
    }

    private static LogValue query(LogPart.Query query, ExchangeRecord exchange) {
        return new LoggedRequest(exchange)
                .queryParameter(query.name())
                .map(value -> cut(decoded(value.toString()), query.longest()))
                .orElse(LogValue.NONE);
    }

    /** Percent-encoding undone; a plus sign stays, and so does what is not encoded well. */
    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return value;
        }
    }

    private static LogValue client(
            ExchangeRecord exchange, Function<LogFacts.Client, String> part) {
        return LogValue.text(exchange.log().client().map(part).orElse(""));
    }

    private static Optional<String> first(Map<String, List<String>> fields, String name) {
        return fields.getOrDefault(name, List.of()).stream().findFirst();
    }

    private static LogValue metadata(LogPart.Metadata part, ExchangeRecord exchange) {
        List<LogValue.Leaf> leaves =
                part.namespace().equals(LogMetadata.GATE)
                        ? exchange.gate().map(LogValues::gate).orElse(List.of())
                        : proxy(exchange);
        if (part.key().isEmpty()) {
            return leaves.isEmpty() ? LogValue.NONE : new LogValue.Tree(leaves);
        }
        LogValue value =
                leaves.stream()
                        .filter(leaf -> leaf.name().equals(part.key().get()))
                        .map(LogValue.Leaf::value)
                        .findFirst()
                        .orElse(LogValue.NONE);
        return value instanceof LogValue.Text(String text) ? cut(text, part.longest()) : value;
    }

    private static List<LogValue.Leaf> gate(ExchangeRecord.GateOutcome outcome) {
        var decision = outcome.decision();
        return List.of(
                leaf("arm", decision.arm().name()),
                new LogValue.Leaf("bucket", LogValue.known(decision.bucket().orElse(-1))),
                leaf("fallback", outcome.fellBack() ? "LEGACY" : ""),
                leaf("gate", decision.gate().id()),
                new LogValue.Leaf(
                        "held_micros", micros(outcome.heldNanos() > 0 ? outcome.heldNanos() : -1)),
                leaf("mode", decision.mode().name()),
                leaf("operation", outcome.operation()),
                leaf("reason", decision.reason().name()),
                leaf("result", outcome.result().name()),
                leaf("revision", decision.revision().map(GateRevision::toString).orElse("")),
                leaf("rule", decision.rule().orElse("")),
                new LogValue.Leaf("share_ppm", LogValue.known(decision.share().value())),
                new LogValue.Leaf(
                        "write_authority_ppm",
                        LogValue.known(
                                decision.writesBelow().map(PartsPerMillion::value).orElse(-1))));
    }

    private static List<LogValue.Leaf> proxy(ExchangeRecord exchange) {
        return List.of(
                new LogValue.Leaf("duration_micros", micros(exchange.times().total())),
                leaf("faults", faults(exchange)),
                leaf("listener", exchange.listener()),
                new LogValue.Leaf("upstream_head_micros", micros(exchange.times().upstreamHead())));
    }

    /** Who asked for what was injected. */
    private static String faults(ExchangeRecord exchange) {
        return exchange.faults().stream()
                .map(InjectedFault::source)
                .distinct()
                .collect(Collectors.joining(","));
    }

    private static LogValue.Leaf leaf(String name, String text) {
        return new LogValue.Leaf(name, LogValue.text(text));
    }

    private static LogValue cut(String text, int longest) {
        return new LogValue.Text(text.length() > longest ? text.substring(0, longest) : text);
    }

    private static LogValue millis(long nanos) {
        return nanos < 0 ? LogValue.NONE : new LogValue.Count(TimeUnit.NANOSECONDS.toMillis(nanos));
    }

    private static LogValue micros(long nanos) {
        return nanos < 0 ? LogValue.NONE : new LogValue.Count(TimeUnit.NANOSECONDS.toMicros(nanos));
    }
}
