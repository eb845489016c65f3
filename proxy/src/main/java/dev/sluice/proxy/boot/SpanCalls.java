package dev.sluice.proxy.boot;

import com.google.protobuf.ByteString;
import dev.sluice.proxy.call.CallAnswer;
import dev.sluice.proxy.call.CallRequest;
import dev.sluice.proxy.call.ClusterCalls;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.snapshot.trace.SpanTarget;
import dev.sluice.proxy.telemetry.trace.SpanSender;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.CompletableFuture;

/**
 * Sends spans as OTLP has it (OpenTelemetry Protocol 1.5): a unary gRPC call, or a {@code POST} of
 * protobuf. Thread-safe.
 */
record SpanCalls(ClusterCalls calls) implements SpanSender {
    private static final int PREFIX = 5;
    private static final int OK = 0;

    /** Eight digits. */
    private static final long LONGEST_MILLIS = 99_999_999;

    @Override
    public CompletableFuture<Result> send(SpanTarget target, ByteString request) {
        return calls.call(
                        target.cluster(),
                        CallRequest.post(
                                target.authority(),
                                target.path(),
                                headers(target),
                                body(target, request),
                                target.timeout()))
                .thenApply(answer -> result(target, answer));
    }

    private static HeaderBlock headers(SpanTarget target) {
        HeaderBlock headers = new HeaderBlock();
        headers.add("user-agent", "sluice");
        switch (target.protocol()) {
            case GRPC -> {
                headers.add("content-type", "application/grpc");
                headers.add("te", "trailers");
                headers.add(
                        "grpc-timeout",
                        Math.min(LONGEST_MILLIS, target.timeout().toMillis()) + "m");
            }
            case HTTP -> headers.add("content-type", "application/x-protobuf");
        }
        target.headers().forEach(headers::set);
        return headers;
    }

    private static ByteBuf body(SpanTarget target, ByteString request) {
        ByteBuf message = Unpooled.wrappedBuffer(request.asReadOnlyByteBuffer());
        return switch (target.protocol()) {
            case GRPC ->
                    Unpooled.wrappedBuffer(
                            Unpooled.buffer(PREFIX).writeByte(0).writeInt(request.size()), message);
            case HTTP -> message;
        };
    }

    private static Result result(SpanTarget target, CallAnswer answer) {
        return switch (answer) {
            case CallAnswer.Failed(String why) -> new Result.Later(why);
            case CallAnswer.Answered(int status, int grpcStatus, String _) ->
                    switch (target.protocol()) {
                        case GRPC -> grpc(status, grpcStatus);
                        case HTTP -> http(status);
                    };
        };
    }

    /** Statuses of which the collector may recover, by the protocol's table. */
    private static Result grpc(int status, int grpcStatus) {
        if (grpcStatus < 0) {
            return http(status == 200 ? 502 : status);
        }
        return switch (grpcStatus) {
            case OK -> new Result.Taken();
            case 1, 4, 8, 10, 11, 14, 15 -> new Result.Later("gRPC status " + grpcStatus);
            default -> new Result.Refused("gRPC status " + grpcStatus);
        };
    }

    private static Result http(int status) {
        return switch (status) {
            case 429, 502, 503, 504 -> new Result.Later("HTTP status " + status);
            default ->
                    status >= 200 && status < 300
                            ? new Result.Taken()
                            : new Result.Refused("HTTP status " + status);
        };
    }
}
