package dev.sluice.proxy.xds;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A bidirectional call whose events come on one executor, in order, and stop when it is cancelled.
 * {@link #send} and {@link #cancel} are called on that executor.
 */
final class StreamCall<Q, A> implements ClientResponseObserver<Q, A> {
    private final Executor owner;
    private final Consumer<A> onAnswer;
    private final Consumer<Status> onBroken;
    private @Nullable ClientCallStreamObserver<Q> requests; // set by gRPC before the call starts
    private boolean ended;

    StreamCall(Executor owner, Consumer<A> onAnswer, Consumer<Status> onBroken) {
        this.owner = owner;
        this.onAnswer = onAnswer;
        this.onBroken = onBroken;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<Q> stream) {
        requests = stream;
    }

    void send(Q request) {
        if (!ended && requests != null) {
            requests.onNext(request);
        }
    }

    void cancel() {
        if (!ended && requests != null) {
            ended = true;
            requests.cancel("the stream is given up", null);
        }
    }

    /** Ends the requests; what the server still says is waited for. */
    void complete() {
        if (!ended && requests != null) {
            requests.onCompleted();
        }
    }

    @Override
    public void onNext(A answer) {
        owner.execute(() -> {
            if (!ended) {
                onAnswer.accept(answer);
            }
        });
    }

    @Override
    public void onError(Throwable broken) {
        owner.execute(() -> end(Status.fromThrowable(broken)));
    }

    @Override
    public void onCompleted() {
        owner.execute(() -> end(Status.UNAVAILABLE.withDescription("the server ended the stream")));
    }

    private void end(Status status) {
        if (!ended) {
            ended = true;
            onBroken.accept(status);
        }
    }
}
