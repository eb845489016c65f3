package dev.sluice.testkit.grpc;

import dev.sluice.testkit.Mailbox;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;

/**
 * A call as its client plays it, message by message. Thread-safe for reading; sending is for one
 * thread at a time.
 *
 * @param <Q> request message
 * @param <A> answer message
 */
public final class GrpcClientCall<Q, A> {
    private final ClientCall<Q, A> call;
    private final Mailbox<GrpcEvent<A>> events = new Mailbox<>("an answer of a gRPC server");

    private GrpcClientCall(ClientCall<Q, A> call) {
        this.call = call;
    }

    static <Q, A> GrpcClientCall<Q, A> start(ClientCall<Q, A> call, Metadata metadata) {
        GrpcClientCall<Q, A> started = new GrpcClientCall<>(call);
        call.start(started.new Listener(), metadata);
        call.request(1);
        return started;
    }

    /** Sends one message. */
    public void send(Q message) {
        call.sendMessage(message);
    }

    /** Says that no more messages follow. */
    public void halfClose() {
        call.halfClose();
    }

    /** Gives the call up. */
    public void cancel() {
        call.cancel("given up by the test", null);
    }

    /** The next event, waiting for it; the next message is asked for when one was taken. */
    public GrpcEvent<A> nextEvent() {
        return asked(events.next());
    }

    /** The next event, waiting as long as the call lives: for threads that only pass events on. */
    public GrpcEvent<A> awaitEvent() {
        return asked(events.take());
    }

    /**
     * The next message, waiting for it.
     *
     * @throws AssertionError when the call ended instead
     */
    public A nextMessage() {
        while (true) {
            switch (nextEvent()) {
                case GrpcEvent.Message<A>(A message) -> {
                    return message;
                }
                case GrpcEvent.Headers<A> _ -> {}
                case GrpcEvent.Closed<A> closed ->
                        throw new AssertionError(closed + " (expected: a message)");
                case GrpcEvent.HalfClosed<A> impossible ->
                        throw new IllegalStateException("" + impossible);
                case GrpcEvent.Cancelled<A> impossible ->
                        throw new IllegalStateException("" + impossible);
            }
        }
    }

    /** The end of the call, waiting for it; messages before it are dropped. */
    public GrpcEvent.Closed<A> awaitClosed() {
        while (true) {
            if (nextEvent() instanceof GrpcEvent.Closed<A> closed) {
                return closed;
            }
        }
    }

    private GrpcEvent<A> asked(GrpcEvent<A> taken) {
        if (taken instanceof GrpcEvent.Message<A>) {
            call.request(1);
        }
        return taken;
    }

    private final class Listener extends ClientCall.Listener<A> {
        @Override
        public void onHeaders(Metadata headers) {
            events.put(new GrpcEvent.Headers<>(headers));
        }

        @Override
        public void onMessage(A message) {
            events.put(new GrpcEvent.Message<>(message));
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            events.put(new GrpcEvent.Closed<>(status, trailers));
        }
    }
}
