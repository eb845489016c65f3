package dev.sluice.control.admin.access;

import dev.sluice.control.admin.desk.Caller;
import dev.sluice.control.change.Role;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Has the leader answer what a follower is asked: it alone knows what all nodes report, and may
 * change anything. Who reads, and who kills, is answered here when the leader does not answer.
 * Immutable.
 */
public final class LeaderForward implements ServerInterceptor {
    private static final Set<String> KILLS =
            Set.of(
                    "sluice.admin.v1.GateService/KillGate",
                    "sluice.admin.v1.GateSetService/KillGateSet");

    /** After that a call that can be answered here is. */
    private static final long PATIENCE_SECONDS = 3;

    /** After that the caller is told that it is unknown what became of the call. */
    private static final long LONGEST_SECONDS = 20;

    private final Replicas replicas;

    public LeaderForward(Replicas replicas) {
        this.replicas = replicas;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        MethodDescriptor<Q, A> method = call.getMethodDescriptor();
        Optional<Role> role = MethodRoles.of(method.getFullMethodName());
        Optional<Channel> leader =
                role.isEmpty() || OnBehalf.is(headers) ? Optional.empty() : replicas.leader().get();
        if (leader.isEmpty()) {
            return next.startCall(call, headers);
        }
        if (!method.getType().clientSendsOneMessage()) {
            return new ForwardedStream<>(call, leader.get().newCall(method, CallOptions.DEFAULT))
                    .start(OnBehalf.headers(replicas.secret(), Caller.current()));
        }
        boolean hasSubstitute =
                role.get() == Role.VIEWER || KILLS.contains(method.getFullMethodName());
        ClientCall<Q, A> forward = leader.get().newCall(method, options(method, hasSubstitute));
        return new ForwardedCall<>(
                        call,
                        forward,
                        hasSubstitute
                                ? Optional.of(() -> next.startCall(call, headers))
                                : Optional.empty())
                .start(OnBehalf.headers(replicas.secret(), Caller.current()));
    }

    private static CallOptions options(MethodDescriptor<?, ?> method, boolean hasSubstitute) {
        return method.getType() == MethodDescriptor.MethodType.UNARY
                ? CallOptions.DEFAULT.withDeadlineAfter(
                        hasSubstitute ? PATIENCE_SECONDS : LONGEST_SECONDS, TimeUnit.SECONDS)
                : CallOptions.DEFAULT;
    }
}
