package dev.sluice.testkit.grpc;

import io.grpc.Metadata;
import io.grpc.Status;

/**
 * What arrives on a call, in order.
 *
 * @param <M> the message
 */
public sealed interface GrpcEvent<M> {
    /** Headers of the answer; only at a client. */
    record Headers<M>(Metadata metadata) implements GrpcEvent<M> {}

    /** One message. */
    record Message<M>(M message) implements GrpcEvent<M> {}

    /** The client has no more messages; only at a server. */
    record HalfClosed<M>() implements GrpcEvent<M> {}

    /** The client cancelled, or its connection broke; only at a server. */
    record Cancelled<M>() implements GrpcEvent<M> {}

    /** The end of the call; only at a client. */
    record Closed<M>(Status status, Metadata trailers) implements GrpcEvent<M> {}
}
