package dev.sluice.chaos.xds;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Hands each call on to the control plane, as a {@link RelayedCall}. Owned by the proxy's thread.
 */
final class Relay implements ServerCallHandler<byte[], byte[]> {
    static final MethodDescriptor.Marshaller<byte[]> BYTES =
            new MethodDescriptor.Marshaller<>() {
                @Override
                public InputStream stream(byte[] message) {
                    return new ByteArrayInputStream(message);
                }

                @Override
                public byte[] parse(InputStream stream) {
                    try {
                        return stream.readAllBytes();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            };

    private static final Status ENDS = Status.UNAVAILABLE.withDescription("the proxy ends");

    private final ControlPlanes planes;
    private final XdsLeases leases;
    private final ScheduledExecutorService loop;
    private final Set<RelayedCall> calls = new LinkedHashSet<>();

    Relay(ControlPlanes planes, XdsLeases leases, ScheduledExecutorService loop) {
        this.planes = planes;
        this.leases = leases;
        this.loop = loop;
        leases.onChange(() -> new ArrayList<>(calls).forEach(RelayedCall::leasesChanged));
    }

    /** Any method, its messages as bytes. */
    static MethodDescriptor<byte[], byte[]> method(String name) {
        return MethodDescriptor.newBuilder(BYTES, BYTES)
                .setFullMethodName(name)
                .setType(MethodDescriptor.MethodType.UNKNOWN)
                .build();
    }

    @Override
    public ServerCall.Listener<byte[]> startCall(ServerCall<byte[], byte[]> down, Metadata head) {
        RelayedCall call = new RelayedCall(down, head, planes, leases, loop);
        calls.add(call);
        call.onEnd(() -> calls.remove(call));
        return call.start();
    }

    /** Streams under way. */
    int open() {
        return calls.size();
    }

    void closeAll() {
        new ArrayList<>(calls).forEach(call -> call.close(ENDS));
    }
}
