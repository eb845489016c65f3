package dev.sluice.control.xds;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.xds.structure.StructureStream;
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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Stands between gRPC and java-control-plane's discovery services and sees every message of a
 * stream, so that our own {@link StructureStream} knows which node it serves and what it accepted.
 * A node says who it is in its first request only. Thread-safe; the state of one call is used as
 * gRPC calls it, one message at a time.
 */
final class StreamTracking implements ServerInterceptor {
    private static final Context.Key<StructureStream> STREAM =
            Context.key("sluice-structure-stream");

    private final NodeLedger ledger;

    StreamTracking(NodeLedger ledger) {
        this.ledger = ledger;
    }

    /** The stream of the call that is being served. */
    static StructureStream current() {
        StructureStream stream = STREAM.get();
        if (stream == null) {
            throw new IllegalStateException(
                    "not in a tracked call (expected: discovery services behind StreamTracking)");
        }
        return stream;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        StructureStream stream = new StructureStream();
        Set<String> unanswered = ConcurrentHashMap.newKeySet();
        AtomicBoolean closed = new AtomicBoolean();
        ServerCall<Q, A> watched =
                new SimpleForwardingServerCall<>(call) {
                    /**
                     * The first word counts: java-control-plane closes also what we have refused.
                     */
                    @Override
                    public void close(Status status, Metadata trailers) {
                        if (!closed.getAndSet(true)) {
                            super.close(status, trailers);
                        }
                    }

                    @Override
                    public void sendMessage(A message) {
                        if (closed.get()) {
                            return;
                        }
                        switch (message) {
                            case DiscoveryResponse whole ->
                                    stream.sent(whole.getTypeUrl(), whole.getNonce());
                            case DeltaDiscoveryResponse delta -> {
                                unanswered.add(delta.getNonce());
                                stream.sent(delta.getTypeUrl(), delta.getNonce());
                            }
                            default ->
                                    throw new IllegalStateException(
                                            "not a discovery response: " + message.getClass());
                        }
                        super.sendMessage(message);
                    }
                };
        ServerCall.Listener<Q> listener =
                Contexts.interceptCall(
                        Context.current().withValue(STREAM, stream), watched, headers, next);
        return new Tracked<>(listener, watched, stream, unanswered, ledger);
    }

    /** Sees what the node says. */
    private static final class Tracked<Q> extends SimpleForwardingServerCallListener<Q> {
        private final ServerCall<Q, ?> call;
        private final StructureStream stream;
        private final Set<String> unanswered;
        private final NodeLedger ledger;
        private final AskedNames asked = new AskedNames();
        private Optional<NodeLedger.Connection> connection = Optional.empty();
        private boolean refused;

        /**
         * @param unanswered nonces of the delta responses that the node has not answered; for
         *     others java-control-plane has no answer but an exception
         */
        Tracked(
                ServerCall.Listener<Q> listener,
                ServerCall<Q, ?> call,
                StructureStream stream,
                Set<String> unanswered,
                NodeLedger ledger) {
            super(listener);
            this.call = call;
            this.stream = stream;
            this.unanswered = unanswered;
            this.ledger = ledger;
        }

        @Override
        public void onMessage(Q message) {
            if (refused) {
                return;
            }
            switch (message) {
                case DiscoveryRequest whole -> {
                    if (isBounded(asked.add(whole)) && knows(whole.getNode())) {
                        stream.requested(whole);
                        hand(message);
                    }
                }
                case DeltaDiscoveryRequest delta -> {
                    if (sent(delta.getResponseNonce())
                            && isBounded(asked.add(delta))
                            && knows(delta.getNode())) {
                        stream.requested(delta);
                        hand(message);
                    }
                }
                default ->
                        throw new IllegalStateException(
                                "not a discovery request: " + message.getClass());
            }
        }

        private void hand(Q message) {
            super.onMessage(message);
            stream.handed();
            connection.ifPresent(ledger::heard);
        }

        private boolean sent(String nonce) {
            return nonce.isEmpty()
                    || unanswered.remove(nonce)
                    || refuse(
                            "response_nonce "
                                    + Problem.quote(nonce)
                                    + " (expected one of this stream that is not answered)");
        }

        private boolean isBounded(Optional<String> tooMuch) {
            return tooMuch.map(this::refuse).orElse(true);
        }

        private boolean knows(Node node) {
            if (connection.isPresent()) {
                return true;
            }
            return switch (NodeReader.read(node)) {
                case Parsed.Ok<NodeSpec>(NodeSpec spec) -> {
                    connection = Optional.of(ledger.connected(spec, stream));
                    yield true;
                }
                case Parsed.Refused<NodeSpec> problems -> refuse(problems.message());
            };
        }

        private boolean refuse(String why) {
            refused = true;
            call.close(Status.INVALID_ARGUMENT.withDescription(why), new Metadata());
            super.onCancel();
            end();
            return false;
        }

        @Override
        public void onCancel() {
            end();
            super.onCancel();
        }

        @Override
        public void onHalfClose() {
            end();
            super.onHalfClose();
        }

        @Override
        public void onComplete() {
            end();
            super.onComplete();
        }

        private void end() {
            connection.ifPresent(ledger::disconnected);
            connection = Optional.empty();
        }
    }
}
