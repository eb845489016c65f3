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
 * nothing of the state: they are open to this machine, and to every token. Immutable.
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

    private final Access access;

    public TokenCheck(Access access) {
        this.access = access;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Optional<String> stated = Optional.ofNullable(headers.get(AUTHORIZATION));
        Optional<Identity> caller =
                stated.isPresent() ? stated.flatMap(this::holder) : bearer(call);
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

    private Optional<Identity> holder(String header) {
        return header.regionMatches(/* ignoreCase= */ true, 0, SCHEME, 0, SCHEME.length())
                ? access.holderOf(header.substring(SCHEME.length()).strip())
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
