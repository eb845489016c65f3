package dev.sluice.control.admin.access;

import dev.sluice.control.admin.desk.Refusing;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.path.Outcome;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One call of one request that the leader answers in our place, message by message; when it does
 * not answer, a substitute here does, if there is one. Thread-safe: guarded by its own lock.
 */
final class ForwardedCall<Q, A> extends ServerCall.Listener<Q> {
    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);
    private static final Set<Status.Code> SILENCE =
            Set.of(Status.Code.UNAVAILABLE, Status.Code.DEADLINE_EXCEEDED);

    private final ServerCall<Q, A> call;
    private final ClientCall<Q, A> forward;
    private final Optional<Supplier<ServerCall.Listener<Q>>> substitute;
    private final Context context = Context.current();
    private @Nullable Q request;
    private ServerCall.@Nullable Listener<Q> here;
    private boolean whole; // the request
    private boolean answered;
    private boolean silent; // the leader

    ForwardedCall(
            ServerCall<Q, A> call,
            ClientCall<Q, A> forward,
            Optional<Supplier<ServerCall.Listener<Q>>> substitute) {
        this.call = call;
        this.forward = forward;
        this.substitute = substitute;
    }

    ForwardedCall<Q, A> start(Metadata headers) {
        forward.start(new Answers(), headers);
        call.request(2); // one message, and to see that no other follows
        return this;
    }

    @Override
    public synchronized void onMessage(Q message) {
        request = message;
        if (!silent) {
            forward.sendMessage(message);
        }
    }

    @Override
    public synchronized void onHalfClose() {
        whole = true;
        if (silent) {
            answerHere();
        } else {
            forward.halfClose();
            forward.request(1);
        }
    }

    @Override
    public synchronized void onCancel() {
        forward.cancel("the caller went", null);
        if (here != null) {
            here.onCancel();
        }
    }

    @Override
    public synchronized void onComplete() {
        if (here != null) {
            here.onComplete();
        }
    }

    @Override
    public synchronized void onReady() {
        if (here != null) {
            here.onReady();
        } else {
            forward.request(1);
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
        }
    }

    private synchronized void end(Status status, Metadata trailers) {
        if (call.isCancelled()) {
            return;
        }
        silent = !answered && SILENCE.contains(status.getCode()) && !trailers.containsKey(DETAILS);
        if (!silent) {
            call.close(status, ownTrailers(trailers));
        } else if (substitute.isEmpty()) {
            StatusRuntimeException refusal = Refusing.of(unreachable(status));
            Metadata details = refusal.getTrailers();
            call.close(refusal.getStatus(), details == null ? new Metadata() : details);
        } else if (whole) {
            answerHere();
        }
    }

    /** Once, when the leader is known to be silent and the request is whole. */
    private void answerHere() {
        if (substitute.isPresent()) {
            context.run(() -> {
                ServerCall.Listener<Q> listener = substitute.get().get();
                here = listener;
                listener.onReady();
                if (request != null) {
                    listener.onMessage(request);
                }
                listener.onHalfClose();
            });
        }
    }

    /** Of an answer's trailers what a caller may have: the details of a refusal. */
    static Metadata ownTrailers(Metadata trailers) {
        var own = new Metadata();
        byte[] details = trailers.get(DETAILS);
        if (details != null) {
            own.put(DETAILS, details);
        }
        return own;
    }

    private static Outcome.Refused unreachable(Status status) {
        return new Outcome.Refused(
                List.of(
                        Refusal.of(
                                Refusal.Kind.UNAVAILABLE,
                                "",
                                "a leader that does not answer: " + status.getCode(),
                                "the leader of the replicas",
                                "ask again in a moment; what became of this request is unknown")));
    }

    /** What the leader says. */
    private final class Answers extends ClientCall.Listener<A> {
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
