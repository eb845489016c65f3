package dev.sluice.testkit.grpc;

import dev.sluice.testkit.Mailbox;
import dev.sluice.testkit.Patience;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * A call as its server sees it, message by message. Thread-safe; what is sent after the end of the
 * call is dropped.
 *
 * <p>Every message is asked for as soon as the one before it was taken, so that a script that does
 * not read pushes back on its client.
 *
 * @param <Q> request message
 * @param <A> answer message
 */
public final class GrpcServerCall<Q, A> {
    private final ServerCall<Q, A> call;
    private final Metadata metadata;
    private final Mailbox<GrpcEvent<Q>> events = new Mailbox<>("a message of a gRPC client");
    private boolean headersSent;
    private boolean ended;

    private GrpcServerCall(ServerCall<Q, A> call, Metadata metadata) {
        this.call = call;
        this.metadata = metadata;
    }

    /** {@code package.Service/Method}. */
    public String method() {
        return call.getMethodDescriptor().getFullMethodName();
    }

    /** What the client sent before its first message. */
    public Metadata metadata() {
        return metadata;
    }

    /** The next event, waiting as long as the call lives: it is the client that bounds a call. */
    public GrpcEvent<Q> nextEvent() {
        GrpcEvent<Q> event = events.take();
        if (event instanceof GrpcEvent.Message<Q>) {
            call.request(1);
        }
        return event;
    }

    /**
     * The next message, waiting for it; empty when the client has no more.
     *
     * @throws io.grpc.StatusRuntimeException when the client cancelled or its connection broke
     */
    public Optional<Q> read() {
        return switch (nextEvent()) {
            case GrpcEvent.Message<Q>(Q message) -> Optional.of(message);
            case GrpcEvent.HalfClosed<Q>() -> Optional.empty();
            case GrpcEvent.Cancelled<Q>() -> throw Status.CANCELLED.asRuntimeException();
            case GrpcEvent.Headers<Q> atClient -> throw new IllegalStateException("" + atClient);
            case GrpcEvent.Closed<Q> atClient -> throw new IllegalStateException("" + atClient);
        };
    }

    /** Sends the headers of the answer; without this call they go out with the first message. */
    public synchronized void sendHeaders(Metadata headers) {
        if (!ended && !headersSent) {
            headersSent = true;
            call.sendHeaders(headers);
        }
    }

    /** Sends one message. */
    public synchronized void send(A message) {
        sendHeaders(new Metadata());
        if (!ended) {
            call.sendMessage(message);
        }
    }

    /** Ends the call. */
    public synchronized void end(Status status, Metadata trailers) {
        if (!ended) {
            ended = true;
            call.close(status, trailers);
        }
    }

    /** Ends the call without trailers of its own. */
    public void end(Status status) {
        end(status, new Metadata());
    }

    /** Waits for the test to let the script go on. */
    public void await(CountDownLatch latch) {
        Patience.await(latch, "the test to let " + method() + " go on");
    }

    /**
     * Waits until the client has cancelled or its connection broke; messages before it are lost.
     */
    public void awaitCancelled() {
        events.next("that is a cancellation", GrpcEvent.Cancelled.class::isInstance);
    }

    /** Starts to listen; for the handler of a server. */
    static <Q, A> Started<Q, A> start(ServerCall<Q, A> call, Metadata metadata) {
        GrpcServerCall<Q, A> started = new GrpcServerCall<>(call, metadata);
        call.request(1);
        return new Started<>(started, started.new Listener());
    }

    record Started<Q, A>(GrpcServerCall<Q, A> call, ServerCall.Listener<Q> listener) {}

    private final class Listener extends ServerCall.Listener<Q> {
        @Override
        public void onMessage(Q message) {
            events.put(new GrpcEvent.Message<>(message));
        }

        @Override
        public void onHalfClose() {
            events.put(new GrpcEvent.HalfClosed<>());
        }

        @Override
        public void onCancel() {
            synchronized (GrpcServerCall.this) {
                ended = true;
            }
            events.put(new GrpcEvent.Cancelled<>());
        }
    }
}
