package dev.sluice.control.admin.access;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;

/**
 * One call of many requests that the leader answers in our place, message by message, each side as
 * fast as the other takes it. It ends when the leader falls silent, for nobody here knows what of
 * it was answered; who calls again is answered here while there is no leader. Thread-safe: guarded
 * by its own lock.
 */
final class ForwardedStream<Q, A> extends ServerCall.Listener<Q> {
    private final ServerCall<Q, A> call;
    private final ClientCall<Q, A> forward;
    private boolean requestWaits; // for the leader to take more
    private boolean answerWaits; // for the caller to take more
    private boolean answered;

    ForwardedStream(ServerCall<Q, A> call, ClientCall<Q, A> forward) {
        this.call = call;
        this.forward = forward;
    }

    ForwardedStream<Q, A> start(Metadata headers) {
        forward.start(new Answers(), headers);
        forward.request(1);
        call.request(1);
        return this;
    }

    @Override
    public synchronized void onMessage(Q message) {
        forward.sendMessage(message);
        if (forward.isReady()) {
            call.request(1);
        } else {
            requestWaits = true;
        }
    }

    @Override
    public synchronized void onHalfClose() {
        forward.halfClose();
    }

    @Override
    public synchronized void onCancel() {
        forward.cancel("the caller went", null);
    }

    @Override
    public synchronized void onReady() {
        if (answerWaits) {
            answerWaits = false;
            forward.request(1);
        }
    }

    private synchronized void leaderTakesMore() {
        if (requestWaits) {
            requestWaits = false;
            call.request(1);
        }
    }

    private synchronized void answer(A message) {
        if (!answered) {
            answered = true;
            call.sendHeaders(new Metadata());
        }
        call.sendMessage(message);
        if (call.isReady()) {
            forward.request(1);
        } else {
            answerWaits = true;
        }
    }

    private synchronized void end(Status status, Metadata trailers) {
        if (!call.isCancelled()) {
            call.close(status, ForwardedCall.ownTrailers(trailers));
        }
    }

    /** What the leader says. */
    private final class Answers extends ClientCall.Listener<A> {
        @Override
        public void onReady() {
            leaderTakesMore();
        }

        @Override
        public void onMessage(A message) {
            answer(message);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            end(status, trailers);
        }
    }
}
