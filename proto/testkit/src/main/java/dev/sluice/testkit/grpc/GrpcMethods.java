package dev.sluice.testkit.grpc;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;

/**
 * Method descriptors by full name, such as {@code sluice.gate.v1.GateDiscoveryService/DeltaGates}.
 * All are bidirectional: on the wire the four shapes differ only in the number of messages.
 */
public final class GrpcMethods {
    private GrpcMethods() {}

    /** A method whose messages are bytes. */
    public static MethodDescriptor<byte[], byte[]> bytes(String fullName) {
        return method(fullName, BytesMarshaller.INSTANCE, BytesMarshaller.INSTANCE);
    }

    /**
     * A method whose messages are protobuf.
     *
     * @param request default instance of the request
     * @param response default instance of the answer
     */
    public static <Q extends Message, A extends Message> MethodDescriptor<Q, A> proto(
            String fullName, Q request, A response) {
        return method(fullName, ProtoUtils.marshaller(request), ProtoUtils.marshaller(response));
    }

    private static <Q, A> MethodDescriptor<Q, A> method(
            String fullName,
            MethodDescriptor.Marshaller<Q> request,
            MethodDescriptor.Marshaller<A> response) {
        if (fullName.indexOf('/') < 1) {
            throw new IllegalArgumentException(
                    "method '" + fullName + "' (expected: package.Service/Method)");
        }
        return MethodDescriptor.<Q, A>newBuilder()
                .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                .setFullMethodName(fullName)
                .setRequestMarshaller(request)
                .setResponseMarshaller(response)
                .build();
    }
}
