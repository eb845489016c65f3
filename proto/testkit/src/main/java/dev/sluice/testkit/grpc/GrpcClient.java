package dev.sluice.testkit.grpc;

import dev.sluice.testkit.Patience;
import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A gRPC client for any method, without generated classes. Thread-safe. */
public final class GrpcClient implements AutoCloseable {
    private final ManagedChannel channel;

    private GrpcClient(ManagedChannel channel) {
        this.channel = channel;
    }

    /** Connects, at the first call, to a port of this machine in the clear. */
    public static GrpcClient connect(int port) {
        return connect(port, InsecureChannelCredentials.create());
    }

    /** The same, with TLS or without. */
    public static GrpcClient connect(int port, ChannelCredentials credentials) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        return new GrpcClient(
                NettyChannelBuilder.forAddress(address, credentials)
                        .directExecutor()
                        .overrideAuthority("sluice.test")
                        .maxInboundMessageSize(Integer.MAX_VALUE)
                        .build());
    }

    /**
     * A call read to its end.
     *
     * @param headers of the answer; empty when it was trailers only
     */
    public record Result(
            Status status, Metadata headers, List<byte[]> messages, Metadata trailers) {
        public Result {
            messages = List.copyOf(messages);
        }
    }

    /** Sends the messages, ends the request and reads the whole answer: any of the four shapes. */
    public Result call(String fullMethod, Metadata metadata, byte[]... messages) {
        GrpcClientCall<byte[], byte[]> call = open(GrpcMethods.bytes(fullMethod), metadata);
        for (byte[] message : messages) {
            call.send(message);
        }
        call.halfClose();
        return result(call);
    }

    /** Opens a call to be played message by message. */
    public GrpcClientCall<byte[], byte[]> open(String fullMethod) {
        return open(GrpcMethods.bytes(fullMethod), new Metadata());
    }

    /** Opens a call to be played message by message. */
    public <Q, A> GrpcClientCall<Q, A> open(MethodDescriptor<Q, A> method, Metadata metadata) {
        return GrpcClientCall.start(channel.newCall(method, CallOptions.DEFAULT), metadata);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        try {
            if (!channel.awaitTermination(Patience.LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new AssertionError("a gRPC channel does not end");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static Result result(GrpcClientCall<byte[], byte[]> call) {
        Metadata headers = new Metadata();
        List<byte[]> messages = new ArrayList<>();
        while (true) {
            switch (call.nextEvent()) {
                case GrpcEvent.Headers<byte[]>(Metadata arrived) -> headers = arrived;
                case GrpcEvent.Message<byte[]>(byte[] message) -> messages.add(message);
                case GrpcEvent.Closed<byte[]>(Status status, Metadata trailers) -> {
                    return new Result(status, headers, messages, trailers);
                }
                case GrpcEvent.HalfClosed<byte[]>() -> throw atServerOnly();
                case GrpcEvent.Cancelled<byte[]>() -> throw atServerOnly();
            }
        }
    }

    private static IllegalStateException atServerOnly() {
        return new IllegalStateException("an event that only servers see");
    }
}
