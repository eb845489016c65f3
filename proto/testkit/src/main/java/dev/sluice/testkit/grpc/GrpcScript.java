package dev.sluice.testkit.grpc;

import io.grpc.Status;
import java.util.Optional;

/**
 * What a {@link GrpcPeer} does about one call; runs on a virtual thread of its own and may block.
 *
 * @param <Q> request message
 * @param <A> answer message
 */
@FunctionalInterface
public interface GrpcScript<Q, A> {
    /** Plays the server; when it returns without having ended the call, the call stays open. */
    void serve(GrpcServerCall<Q, A> call);

    /** Sends each message back as it comes, and ends with OK. */
    static <M> GrpcScript<M, M> echo() {
        return call -> {
            for (Optional<M> next = call.read(); next.isPresent(); next = call.read()) {
                call.send(next.get());
            }
            call.end(Status.OK);
        };
    }

    /** Ends each call with the status, after reading what the client sent. */
    static <Q, A> GrpcScript<Q, A> fail(Status status) {
        return call -> {
            Optional<Q> next = call.read();
            while (next.isPresent()) {
                next = call.read();
            }
            call.end(status);
        };
    }
}
