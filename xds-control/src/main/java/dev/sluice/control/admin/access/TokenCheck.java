package dev.sluice.control.admin.access;

import dev.sluice.control.admin.desk.Caller;
import dev.sluice.control.admin.desk.Refusing;
import dev.sluice.control.change.Identity;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.SpiffeId;
import dev.sluice.control.path.Outcome;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLSession;

/**
 * Lets nobody in without a token or a client certificate, and nobody to a method that its roles do
 * not reach: every method is denied unless {@link MethodRoles} names it. Reflection and health tell
 * nothing of the state: they are open to this machine, and to every token. Another replica proves
 * itself by the secret of the store, and says for whom it calls. Immutable.
 */
public final class TokenCheck implements ServerInterceptor {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final String SCHEME = "Bearer ";
    private static final Set<String> OPEN =
            Set.of(
                    "grpc.health.v1.Health",
                    "grpc.reflection.v1.ServerReflection",
                    "grpc.reflection.v1alpha.ServerReflection");

    private static final String REPLICA_SERVICE = "sluice.replica.v1.ReplicaService";

    private final Access access;
    private final Replicas replicas;

    public TokenCheck(Access access, Replicas replicas) {
        this.access = access;
        this.replicas = replicas;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Optional<String> stated = Optional.ofNullable(headers.get(AUTHORIZATION));
        boolean isReplica = stated.flatMap(TokenCheck::secret).filter(replicas::is).isPresent();
        if (isReplica && REPLICA_SERVICE.equals(call.getMethodDescriptor().getServiceName())) {
            return next.startCall(call, headers);
        }
        Optional<Identity> caller = isReplica ? OnBehalf.of(headers) : caller(stated, call);
        if (caller.isEmpty()) {
            return isOpen(call) && isOfThisMachine(call)
                    ? next.startCall(call, headers)
                    : close(call, unknown(stated));
        }
        Optional<Refusal> denied = isOpen(call) ? Optional.empty() : denied(call, caller.get());
        return denied.isPresent()
                ? close(call, Refusing.of(new Outcome.Refused(List.of(denied.get()))))
                : Contexts.interceptCall(Caller.with(caller.get()), call, headers, next);
    }

    private Optional<Identity> caller(Optional<String> stated, ServerCall<?, ?> call) {
        return stated.isPresent()
                ? stated.flatMap(TokenCheck::secret).flatMap(access::holderOf)
                : bearer(call);
    }

    private static Optional<String> secret(String header) {
        return header.regionMatches(/* ignoreCase= */ true, 0, SCHEME, 0, SCHEME.length())
                ? Optional.of(header.substring(SCHEME.length()).strip())
                : Optional.empty();
    }

    /** Who shows a client certificate, which the handshake has verified. */
    private Optional<Identity> bearer(ServerCall<?, ?> call) {
        SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        return session == null ? Optional.empty() : SpiffeId.of(session).flatMap(access::bearerOf);
    }

    private Optional<Refusal> denied(ServerCall<?, ?> call, Identity caller) {
        String method = call.getMethodDescriptor().getFullMethodName();
        return MethodRoles.of(method)
                .map(role -> access.governance().denyWithout(role, caller))
                .orElseGet(() ->
                        Optional.of(
                                Refusal.of(
                                        Refusal.Kind.DENIED,
                                        "method",
                                        method,
                                        "a method that some role is allowed",
                                        "call another method")));
    }

    private static StatusRuntimeException unknown(Optional<String> stated) {
        return Status.UNAUTHENTICATED
                .withDescription(
                        stated.isEmpty()
                                ? "no authorization header (expected 'Bearer TOKEN'), and no client"
                                        + " certificate of a user"
                                : "a token that is neither this control plane's nor a user's, and"
                                        + " that no known provider vouches for now")
                .asRuntimeException();
    }

    private static <Q> ServerCall.Listener<Q> close(
            ServerCall<Q, ?> call, StatusRuntimeException why) {
        Metadata trailers = why.getTrailers();
        call.close(why.getStatus(), trailers == null ? new Metadata() : trailers);
        return new ServerCall.Listener<>() {};
    }

    private static boolean isOpen(ServerCall<?, ?> call) {
        String service = call.getMethodDescriptor().getServiceName();
        return service != null && OPEN.contains(service);
    }

    private static boolean isOfThisMachine(ServerCall<?, ?> call) {
        SocketAddress peer = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        return peer instanceof InetSocketAddress address
                && address.getAddress() != null
                && address.getAddress().isLoopbackAddress();
    }
}
