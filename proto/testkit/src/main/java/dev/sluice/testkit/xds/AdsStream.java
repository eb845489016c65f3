package dev.sluice.testkit.xds;

import dev.sluice.testkit.Mailbox;
import dev.sluice.testkit.Patience;
import dev.sluice.testkit.grpc.GrpcServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * What both kinds of server stream have in common: requests go to a mailbox as they come, nonces
 * count up, the end is awaited. Thread-safe.
 */
final class AdsStream<Q, A> {
    private final GrpcServerCall<Q, A> call;
    private final Mailbox<Q> requests;
    private final AtomicInteger nonces = new AtomicInteger();
    private final CountDownLatch ended = new CountDownLatch(1);

    AdsStream(GrpcServerCall<Q, A> call) {
        this.call = call;
        this.requests = new Mailbox<>("a request on " + call.method());
    }

    Mailbox<Q> requests() {
        return requests;
    }

    String method() {
        return call.method();
    }

    String nextNonce() {
        return "nonce-" + nonces.incrementAndGet();
    }

    void send(A response) {
        call.send(response);
    }

    void end(Status status) {
        call.end(status);
    }

    void awaitEnd() {
        Patience.await(ended, "the client to end its stream on " + call.method());
    }

    /** Reads until the client ends; each request is seen by {@code observer} first. */
    void pump(Consumer<Q> observer) {
        try {
            for (Optional<Q> next = call.read(); next.isPresent(); next = call.read()) {
                observer.accept(next.get());
                requests.put(next.get());
            }
            call.end(Status.OK);
        } catch (StatusRuntimeException cancelled) {
            call.end(cancelled.getStatus());
        } finally {
            ended.countDown();
        }
    }
}
