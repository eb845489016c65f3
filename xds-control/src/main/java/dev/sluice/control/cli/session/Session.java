package dev.sluice.control.cli.session;

import dev.sluice.control.cli.output.Printer;
import dev.sluice.control.cli.output.Words;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One run of the command line: its options, its surroundings and, from the first call on, its
 * connection. For one thread.
 */
public final class Session implements AutoCloseable {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final Options options;
    private final Surroundings surroundings;

    /** Absent until the first call, so that help and wrong use connect to nothing. */
    private @Nullable ManagedChannel connection;

    public Session(Options options, Surroundings surroundings) {
        this.options = options;
        this.surroundings = surroundings;
    }

    /** Where calls go. */
    public Target target() {
        return options.target(surroundings.environment(), surroundings.home());
    }

    /** The connection; every call on it carries the token and, unless it streams, a deadline. */
    public Channel channel() {
        Target target = target();
        ManagedChannel channel = connection;
        if (channel == null) {
            channel = surroundings.dial().apply(target);
            connection = channel;
        }
        return ClientInterceptors.intercept(
                channel, new Caller(token(target.proof()), options.timeout()));
    }

    public Surroundings surroundings() {
        return surroundings;
    }

    public Printer printer() {
        return new Printer(surroundings.out(), options.format());
    }

    public Words words() {
        return new Words(surroundings.clock());
    }

    /** A change as its options say, with a fresh request id unless one was given. */
    public Change change(ChangeOptions given) {
        return new Change(
                given.requestId.isEmpty() ? requestId() : given.requestId, given.validateOnly);
    }

    private static Optional<String> token(Target.Proof proof) {
        return switch (proof) {
            case Target.Proof.Token(String secret) -> Optional.of(secret);
            case Target.Proof.Certificate _, Target.Proof.None _ -> Optional.empty();
        };
    }

    /** A fresh one. */
    public String requestId() {
        return surroundings.requestIds().get().toString();
    }

    @Override
    public void close() {
        if (connection != null) {
            connection.shutdownNow();
        }
    }

    /** Adds what every call carries. */
    private record Caller(Optional<String> token, Duration timeout) implements ClientInterceptor {
        @Override
        public <Q, A> ClientCall<Q, A> interceptCall(
                MethodDescriptor<Q, A> method, CallOptions callOptions, Channel next) {
            CallOptions timed =
                    method.getType() == MethodDescriptor.MethodType.UNARY
                            ? callOptions.withDeadlineAfter(
                                    timeout.toMillis(), TimeUnit.MILLISECONDS)
                            : callOptions;
            return new SimpleForwardingClientCall<>(next.newCall(method, timed)) {
                @Override
                public void start(Listener<A> listener, Metadata headers) {
                    token.ifPresent(text -> headers.put(AUTHORIZATION, "Bearer " + text));
                    super.start(listener, headers);
                }
            };
        }
    }
}
