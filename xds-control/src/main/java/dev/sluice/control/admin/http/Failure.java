package dev.sluice.control.admin.http;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.PreconditionFailure;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Objects;

/**
 * An answer that is no result, as HTTP has it: {@code google.rpc.Status} in JSON, with its details,
 * under the code that google.rpc.Code gives for it. Immutable.
 *
 * @param httpCode 400..599
 * @param json one line
 */
record Failure(int httpCode, String json) {
    private static final JsonFormat.Printer JSON =
            JsonFormat.printer()
                    .omittingInsignificantWhitespace()
                    .usingTypeRegistry(
                            TypeRegistry.newBuilder()
                                    .add(ErrorInfo.getDescriptor())
                                    .add(BadRequest.getDescriptor())
                                    .add(PreconditionFailure.getDescriptor())
                                    .add(RetryInfo.getDescriptor())
                                    .build());

    static Failure of(StatusRuntimeException failure) {
        Status status = Objects.requireNonNull(StatusProto.fromThrowable(failure));
        return new Failure(httpCode(failure.getStatus().getCode()), json(status));
    }

    /** Of a request that no method of the API is for. */
    static Failure of(int httpCode, io.grpc.Status.Code code, String message) {
        return new Failure(
                httpCode,
                json(Status.newBuilder().setCode(code.value()).setMessage(message).build()));
    }

    private static String json(Status status) {
        try {
            return JSON.print(status);
        } catch (InvalidProtocolBufferException unknownDetail) {
            return json(status.toBuilder().clearDetails().build());
        }
    }

    /** Source: the comments of google/rpc/code.proto. */
    private static int httpCode(io.grpc.Status.Code code) {
        return switch (code) {
            case OK -> 200;
            case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> 400;
            case UNAUTHENTICATED -> 401;
            case PERMISSION_DENIED -> 403;
            case NOT_FOUND -> 404;
            case ALREADY_EXISTS, ABORTED -> 409;
            case RESOURCE_EXHAUSTED -> 429;
            case CANCELLED -> 499;
            case UNIMPLEMENTED -> 501;
            case UNAVAILABLE -> 503;
            case DEADLINE_EXCEEDED -> 504;
            case UNKNOWN, INTERNAL, DATA_LOSS -> 500;
        };
    }
}
