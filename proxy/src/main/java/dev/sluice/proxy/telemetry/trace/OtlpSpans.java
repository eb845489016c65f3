package dev.sluice.proxy.telemetry.trace;

import com.google.protobuf.ByteString;
import dev.sluice.proxy.observe.AttemptRecord;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.TraceContext;
import dev.sluice.proxy.observe.TraceFacts;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The spans of one exchange: a server's for the request, and a client's for each attempt that was
 * traced, named and told as OpenTelemetry's semantic conventions for HTTP have it. Stateless.
 */
final class OtlpSpans {
    private static final int SAMPLED = 1;
    private static final int SERVER_ERRORS = 500;
    private static final int CLIENT_ERRORS = 400;

    private OtlpSpans() {}

    /** The request's span first; none of an exchange that is not traced. */
    static List<Span> of(ExchangeRecord exchange) {
        Optional<TraceFacts> trace = exchange.trace();
        if (trace.isEmpty()) {
            return List.of();
        }
        List<Span> spans = new ArrayList<>();
        spans.add(request(exchange, trace.get()));
        for (AttemptRecord attempt : trace.get().attempts()) {
            spans.add(attempt(exchange, trace.get(), attempt));
        }
        return spans;
    }

    private static Span request(ExchangeRecord exchange, TraceFacts trace) {
        String error = serverError(exchange);
        Span.Builder span =
                begin(trace.context(), trace.context().span(), trace.context().parent())
                        .setName(exchange.method())
                        .setKind(Span.SpanKind.SPAN_KIND_SERVER)
                        .setStartTimeUnixNano(at(exchange, 0))
                        .setEndTimeUnixNano(at(exchange, exchange.times().total()))
                        .addAllAttributes(SpanAttributes.ofRequest(exchange, trace, error));
        return end(span, error, exchange.details());
    }

    private static Span attempt(ExchangeRecord exchange, TraceFacts trace, AttemptRecord attempt) {
        String error = clientError(attempt);
        Span.Builder span =
                begin(trace.context(), attempt.span(), trace.context().span())
                        .setName(exchange.method())
                        .setKind(Span.SpanKind.SPAN_KIND_CLIENT)
                        .setStartTimeUnixNano(at(exchange, attempt.startNanos()))
                        .setEndTimeUnixNano(at(exchange, attempt.endNanos()))
                        .addAllAttributes(SpanAttributes.ofAttempt(exchange, attempt, error));
        return end(span, error, attempt.error());
    }

    private static Span.Builder begin(TraceContext context, long id, long parent) {
        Span.Builder span =
                Span.newBuilder()
                        .setTraceId(bytes(context.high(), context.low()))
                        .setSpanId(bytes(id))
                        .setTraceState(context.state())
                        .setFlags(SAMPLED);
        return parent == 0 ? span : span.setParentSpanId(bytes(parent));
    }

    private static Span end(Span.Builder span, String error, String message) {
        if (!error.isEmpty()) {
            span.setStatus(
                    Status.newBuilder()
                            .setCode(Status.StatusCode.STATUS_CODE_ERROR)
                            .setMessage(message));
        }
        return span.build();
    }

    /** What went wrong on the side of the server; empty when nothing did. */
    private static String serverError(ExchangeRecord exchange) {
        if (exchange.status() == 0) {
            return exchange.flags().stream()
                    .findFirst()
                    .map(flag -> flag.word())
                    .orElse("no_answer");
        }
        if (exchange.status() >= SERVER_ERRORS) {
            return Integer.toString(exchange.status());
        }
        return switch (exchange.grpcStatus()) {
            case 2, 4, 12, 13, 14, 15 -> Integer.toString(exchange.grpcStatus());
            default -> "";
        };
    }

    /** What went wrong for the proxy as a client; empty when nothing did. */
    private static String clientError(AttemptRecord attempt) {
        if (!attempt.error().isEmpty()) {
            return attempt.error();
        }
        if (attempt.status() >= CLIENT_ERRORS) {
            return Integer.toString(attempt.status());
        }
        return attempt.grpcStatus() > 0 ? Integer.toString(attempt.grpcStatus()) : "";
    }

    private static long at(ExchangeRecord exchange, long nanos) {
        return exchange.startEpochMillis() * 1_000_000 + nanos;
    }

    private static ByteString bytes(long... words) {
        ByteBuffer bytes = ByteBuffer.allocate(words.length * Long.BYTES);
        for (long word : words) {
            bytes.putLong(word);
        }
        return ByteString.copyFrom(bytes.flip());
    }
}
