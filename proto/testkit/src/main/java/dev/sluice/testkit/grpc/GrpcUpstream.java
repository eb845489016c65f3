package dev.sluice.testkit.grpc;

import dev.sluice.testkit.Mailbox;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.ServerCredentials;
import java.util.Optional;

/**
 * A scripted gRPC server on a free loopback port that answers every method with one script over
 * bytes. Thread-safe.
 */
public final class GrpcUpstream implements AutoCloseable {
    private final Mailbox<Call> calls = new Mailbox<>("a call at a gRPC upstream");
    private final GrpcPeer peer;

    private GrpcUpstream(GrpcScript<byte[], byte[]> script, ServerCredentials credentials) {
        GrpcScript<byte[], byte[]> recorded =
                call -> {
                    calls.put(new Call(call.method(), call.metadata()));
                    script.serve(call);
                };
        peer =
                GrpcPeer.start(
                        name ->
                                Optional.of(
                                        new GrpcPeer.Served<>(GrpcMethods.bytes(name), recorded)),
                        credentials);
    }

    /** A call's beginning, as it was recorded. */
    public record Call(String method, Metadata metadata) {}

    public static GrpcUpstream start(GrpcScript<byte[], byte[]> script) {
        return start(script, InsecureServerCredentials.create());
    }

    /** The same, with TLS or without. */
    public static GrpcUpstream start(
            GrpcScript<byte[], byte[]> script, ServerCredentials credentials) {
        return new GrpcUpstream(script, credentials);
    }

    /** Sends every message back as it comes; serves all four shapes of call. */
    public static GrpcUpstream echo() {
        return start(GrpcScript.echo());
    }

    public int port() {
        return peer.port();
    }

    /** Takes the next call's record, waiting for it. */
    public Call next() {
        return calls.next();
    }

    /** Breaks all connections and refuses new ones until {@link #accept}. */
    public void refuse() {
        peer.refuse();
    }

    /** Listens again on the same port. */
    public void accept() {
        peer.accept();
    }

    @Override
    public void close() {
        peer.close();
    }
}
