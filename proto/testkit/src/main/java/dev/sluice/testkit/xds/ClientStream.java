package dev.sluice.testkit.xds;

import dev.sluice.testkit.Mailbox;
import dev.sluice.testkit.Patience;
import dev.sluice.testkit.grpc.GrpcClientCall;
import dev.sluice.testkit.grpc.GrpcEvent;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;

/**
 * What both kinds of client stream have in common: answers go to a mailbox as they come, and the
 * end is awaited. Thread-safe.
 */
final class ClientStream<Q, A> {
    private final GrpcClientCall<Q, A> call;
    private final Mailbox<A> responses = new Mailbox<>("a response of a management server");
    private final CompletableFuture<Status> ended = new CompletableFuture<>();

    ClientStream(GrpcClientCall<Q, A> call) {
        this.call = call;
        Thread.ofVirtual().name("ads-client").start(this::pump);
    }

    Mailbox<A> responses() {
        return responses;
    }

    synchronized void send(Q request) {
        call.send(request);
    }

    void end() {
        call.halfClose();
    }

    void cancel() {
        call.cancel();
    }

    Status awaitEnd() {
        return Patience.await(ended, "the server to end the stream");
    }

    /** Waits as long as the stream lives, so a quiet server is no failure. */
    private void pump() {
        while (true) {
            switch (call.awaitEvent()) {
                case GrpcEvent.Message<A>(A response) -> responses.put(response);
                case GrpcEvent.Closed<A>(Status status, var _) -> {
                    ended.complete(status);
                    return;
                }
                case GrpcEvent.Headers<A> _ -> {}
                case GrpcEvent.HalfClosed<A> _ -> {}
                case GrpcEvent.Cancelled<A> _ -> {}
            }
        }
    }
}
