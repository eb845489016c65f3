package dev.sluice.control.xds;

import dev.sluice.contract.Parsed;
import dev.sluice.control.change.NodeSpec;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands between gRPC and java-control-plane's discovery services and sees every message of a stream, so that our own
 * {@link StructureStream} knows which node it serves and what it accepted. A node says who it is in its first request
 * only. Thread-safe; the state of one call is used as gRPC calls it, one message at a time.
 */
final class StreamTracking implements ServerInterceptor {
    private static final Context.Key<StructureStream> STREAM = Context.key("sluice-structure-stream");

    private final NodeLedger ledger;

    StreamTracking(NodeLedger ledger) {
        this.ledger = ledger;
    }

    /** The stream of the call that is being served. */
    static StructureStream current() {
        StructureStream stream = STREAM.get();
        if (stream == null) {
            throw new IllegalStateException("not in a tracked call (expected: discovery services behind StreamTracking)");
        }
        return stream;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        StructureStream stream = new StructureStream();
        Set<String> nonces = ConcurrentHashMap.newKeySet();
        ServerCall<Q, A> watched = new SimpleForwardingServerCall<>(call) {
            @Override
            public void sendMessage(A message) {
                switch (message) {
                    case DiscoveryResponse whole -> sending(whole.getTypeUrl(), whole.getNonce());
                    case DeltaDiscoveryResponse delta -> sending(delta.getTypeUrl(), delta.getNonce());
                    default -> throw new IllegalStateException("not a discovery response: " + message.getClass());
                }
                super.sendMessage(message);
            }

            private void sending(String typeUrl, String nonce) {
                nonces.add(nonce);
                stream.sent(typeUrl, nonce);
            }
        };
        ServerCall.Listener<Q> listener =
                Contexts.interceptCall(Context.current().withValue(STREAM, stream), watched, headers, next);
        return new Tracked<>(listener, watched, stream, nonces, ledger);
    }

    /** Sees what the node says. */
    private static final class Tracked<Q> extends SimpleForwardingServerCallListener<Q> {
        private final ServerCall<Q, ?> call;
        private final StructureStream stream;
        private final Set<String> nonces;
        private final NodeLedger ledger;
        private final Set<NodeLedger.Connection> connections = new HashSet<>();
        private boolean ended;

        Tracked(
                ServerCall.Listener<Q> listener,
                ServerCall<Q, ?> call,
                StructureStream stream,
                Set<String> nonces,
                NodeLedger ledger) {
            super(listener);
            this.call = call;
            this.stream = stream;
            this.nonces = nonces;
            this.ledger = ledger;
        }

        @Override
        public void onMessage(Q message) {
            if (ended) {
                return;
            }
            switch (message) {
                case DiscoveryRequest whole -> {
                    if (admits(whole.getNode(), whole.getResponseNonce())) {
                        stream.requested(whole);
                        super.onMessage(message);
                        ledger.changed(connections);
                    }
                }
                case DeltaDiscoveryRequest delta -> {
                    if (admits(delta.getNode(), delta.getResponseNonce())) {
                        stream.requested(delta);
                        super.onMessage(message);
                        ledger.changed(connections);
                    }
                }
                default -> throw new IllegalStateException("not a discovery request: " + message.getClass());
            }
        }

        /** Whether the request can be served: its node is known and its nonce was ours. */
        private boolean admits(Node node, String nonce) {
            if (!nonce.isEmpty() && !nonces.contains(nonce)) {
                return refuse("response_nonce \"" + nonce + "\" (expected: one of this stream)");
            }
            if (connections.isEmpty()) {
                return switch (NodeReader.read(node)) {
                    case Parsed.Ok<NodeSpec>(NodeSpec spec) -> connections.add(ledger.connected(spec, stream));
                    case Parsed.Refused<NodeSpec> refused -> refuse(refused.problems().toString());
                };
            }
            return true;
        }

        private boolean refuse(String why) {
            ended = true;
            call.close(Status.INVALID_ARGUMENT.withDescription(why), new Metadata());
            super.onCancel();
            return false;
        }

        @Override
        public void onCancel() {
            connections.forEach(ledger::disconnected);
            super.onCancel();
        }

        @Override
        public void onHalfClose() {
            connections.forEach(ledger::disconnected);
            super.onHalfClose();
        }
    }
}
