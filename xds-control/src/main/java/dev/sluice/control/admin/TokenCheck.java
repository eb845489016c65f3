package dev.sluice.control.admin;

import dev.sluice.control.change.Principal;
import dev.sluice.control.governance.Governance;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.Set;

/**
 * Lets nobody in without the token: every method of every service is denied unless it is allowed
 * here. Reflection and health are open to this machine, since they tell nothing of the state.
 * Immutable.
 */
final class TokenCheck implements ServerInterceptor {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final String SCHEME = "Bearer ";
    private static final Principal ADMIN =
            new Principal(Governance.EMBEDDED_ADMIN, Principal.AuthMethod.TOKEN);
    private static final Set<String> OPEN_HERE =
            Set.of(
                    "grpc.health.v1.Health",
                    "grpc.reflection.v1.ServerReflection",
                    "grpc.reflection.v1alpha.ServerReflection");

    private final AdminToken token;

    TokenCheck(AdminToken token) {
        this.token = token;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Optional<String> stated = Optional.ofNullable(headers.get(AUTHORIZATION));
        if (stated.filter(this::isToken).isPresent()) {
            Context known = Caller.with(ADMIN);
            return Contexts.interceptCall(known, call, headers, next);
        }
        if (isOpen(call)) {
            return next.startCall(call, headers);
        }
        call.close(
                Status.UNAUTHENTICATED.withDescription(
                        stated.isEmpty()
                                ? "no authorization header (expected 'Bearer TOKEN')"
                                : "another token than this control plane's"),
                new Metadata());
        return new ServerCall.Listener<>() {};
    }

    private boolean isToken(String header) {
        return header.regionMatches(/* ignoreCase= */ true, 0, SCHEME, 0, SCHEME.length())
                && token.is(header.substring(SCHEME.length()).strip());
    }

    private static boolean isOpen(ServerCall<?, ?> call) {
        SocketAddress peer = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        String service = call.getMethodDescriptor().getServiceName();
        return service != null
                && OPEN_HERE.contains(service)
                && peer instanceof InetSocketAddress address
                && address.getAddress() != null
                && address.getAddress().isLoopbackAddress();
    }
}
