package dev.sluice.control.xds;

import dev.sluice.contract.Problem;
import dev.sluice.control.change.SpiffeId;
import dev.sluice.control.change.spec.NodeSpec;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/**
 * The other side of the present call: what was proved of it, and what must be. Immutable.
 *
 * @param spiffeId of its certificate
 */
record ProvenPeer(NodeProof rule, Optional<String> spiffeId) {
    private static final Context.Key<ProvenPeer> KEY =
            Context.keyWithDefault(
                    "sluice-proven-peer",
                    new ProvenPeer(new NodeProof.Believed(), Optional.empty()));

    static ProvenPeer current() {
        return KEY.get();
    }

    /** Why it is not the node that it says it is; empty when it is. */
    Optional<Problem> contradicts(NodeSpec node) {
        return switch (rule) {
            case NodeProof.Believed() -> Optional.empty();
            case NodeProof.BySpiffeId wanted ->
                    spiffeId.filter(wanted.of(node)::equals).isPresent()
                            ? Optional.empty()
                            : Optional.of(
                                    new Problem(
                                            node.name().toString(),
                                            spiffeId.map(id -> "a certificate of " + id)
                                                    .orElse("no certificate with a SPIFFE ID"),
                                            "one of " + wanted.of(node),
                                            "correct the node's id, its service or its"
                                                    + " certificate"));
        };
    }

    /** Notes with each call who its peer was proved to be. */
    static ServerInterceptor noting(NodeProof rule) {
        return new ServerInterceptor() {
            @Override
            public <Q, A> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
                var peer =
                        new ProvenPeer(
                                rule, session == null ? Optional.empty() : SpiffeId.of(session));
                return Contexts.interceptCall(
                        Context.current().withValue(KEY, peer), call, headers, next);
            }
        };
    }
}
