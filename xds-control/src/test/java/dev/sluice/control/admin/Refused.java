package dev.sluice.control.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Calls that must be refused. */
public final class Refused {
    private Refused() {}

    /** What a call is refused with; an error when it is not. */
    public static StatusRuntimeException by(ThrowingCallable call) {
        StatusRuntimeException refusal = catchThrowableOfType(StatusRuntimeException.class, call);
        assertThat(refusal).as("a refusal").isNotNull();
        return refusal;
    }

    /** One detail of it. */
    public static <D extends com.google.protobuf.Message> D detail(
            StatusRuntimeException refusal, Class<D> type) throws InvalidProtocolBufferException {
        for (Any any : StatusProto.fromThrowable(refusal).getDetailsList()) {
            if (any.is(type)) {
                return any.unpack(type);
            }
        }
        throw new AssertionError("no " + type.getSimpleName());
    }
}
