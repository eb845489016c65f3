package dev.sluice.e2e.simulation;

import io.grpc.Attributes;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One gRPC call over a {@link Link}: the client's half of it, and inside the server's. Messages are
 * handed over as they are, for they are immutable. There is no flow control.
 */
final class SimulatedCall<Q, A> extends ClientCall<Q, A> {
    private final MethodDescriptor<Q, A> method;
    private final Link link;
    private final Callee callee;
    private final Sometimes sometimes;
    private final OneWay there = new OneWay();
    private final OneWay back = new OneWay();
    private @Nullable Listener<A> client;
    private ServerCall.@Nullable Listener<Q> server;
    private final List<A> earlier = new ArrayList<>();
    private boolean closedAtClient;
    private boolean closedAtServer;
    private boolean hears;
    private boolean lost;

    /** Who answers calls. */
    interface Callee {
        /** What serves the method now; empty when nobody is there or it is not known. */
        Optional<Served> find(String fullMethodName);
    }

    /**
     * @param lane where the server's half runs
     */
    record Served(ServerMethodDefinition<?, ?> method, Executor lane) {}

    /** Keeps what goes in one direction in order. */
    private final class OneWay {
        private long last;

        void send(Runnable arrival) {
            last = Math.max(last + 1, link.nanos() + link.latency().toNanos());
            link.after(Duration.ofNanos(last - link.nanos()), () -> link.through(arrival));
        }
    }

    SimulatedCall(MethodDescriptor<Q, A> method, Link link, Callee callee, Sometimes sometimes) {
        this.method = method;
        this.link = link;
        this.callee = callee;
        this.sometimes = sometimes;
    }

    @Override
    public void start(Listener<A> listener, Metadata headers) {
        client = listener;
        link.opened(this);
        there.send(() -> arrive(headers));
    }

    @SuppressWarnings("unchecked") // the method of this name takes and gives the same messages
    private void arrive(Metadata headers) {
        Optional<Served> served = callee.find(method.getFullMethodName());
        if (closedAtServer) {
            return;
        }
        if (served.isEmpty()) {
            closedAtServer = true;
            back.send(() -> closeClient(Status.UNAVAILABLE.withDescription("nobody answers")));
            return;
        }
        var definition = (ServerMethodDefinition<Q, A>) served.get().method();
        server = definition.getServerCallHandler().startCall(new Half(), headers);
        server.onReady();
    }

    /** Whether what the server says is what the client will hear, in time. */
    private void hears(boolean does) {
        if (does != hears && "DeltaGates".equals(method.getBareMethodName())) {
            hears = does;
            link.listens(does);
        }
    }

    @Override
    public void sendMessage(Q message) {
        there.send(() -> {
            if (!closedAtServer && server != null) {
                server.onMessage(message);
            }
        });
    }

    @Override
    public void halfClose() {
        there.send(() -> {
            if (!closedAtServer && server != null) {
                server.onHalfClose();
            }
        });
    }

    @Override
    public void cancel(@Nullable String message, @Nullable Throwable cause) {
        closeClient(Status.CANCELLED.withDescription(message));
        there.send(this::cancelServer);
    }

    @Override
    public void request(int numMessages) {}

    /** Both ends learn that the connection is no more. */
    void breakOff() {
        closeClient(Status.UNAVAILABLE.withDescription("connection broken"));
        cancelServer();
    }

    private void closeClient(Status status) {
        link.ended(this);
        hears(false);
        if (!closedAtClient) {
            closedAtClient = true;
            if (client != null) {
                client.onClose(status, new Metadata());
            }
        }
    }

    private void cancelServer() {
        if (!closedAtServer) {
            closedAtServer = true;
            if (server != null) {
                server.onCancel();
            }
        }
    }

    private void answer(A message) {
        Link.Fate fate = isOfDiscovery() ? link.fate() : Link.Fate.COMES;
        switch (fate) {
            case COMES -> back.send(() -> toClient(message));
            case LOST -> {
                sometimes.met(Sometimes.Event.ANSWER_LOST);
                lost = true;
                hears(false);
                link.after(Duration.ofSeconds(2), this::breakOff);
            }
            case TWICE -> {
                sometimes.met(Sometimes.Event.ANSWER_TWICE);
                back.send(() -> toClient(message));
                back.send(() -> toClient(message));
            }
            case OLD_AGAIN -> {
                back.send(() -> toClient(message));
                if (!earlier.isEmpty()) {
                    A old = earlier.get(link.oneOf(earlier.size()));
                    sometimes.met(Sometimes.Event.OLD_ANSWER_AGAIN);
                    back.send(() -> toClient(old));
                }
            }
        }
        earlier.add(message);
    }

    private boolean isOfDiscovery() {
        return !"StreamEvidence".equals(method.getBareMethodName());
    }

    private void toClient(A message) {
        if (!closedAtClient && client != null) {
            client.onMessage(message);
            hears(!closedAtServer && !lost);
        }
    }

    /** The server's half. */
    private final class Half extends ServerCall<Q, A> {
        @Override
        public void request(int numMessages) {}

        @Override
        public void sendHeaders(Metadata headers) {}

        @Override
        public void sendMessage(A message) {
            if (!closedAtServer) {
                answer(message);
            }
        }

        @Override
        public void close(Status status, Metadata trailers) {
            closedAtServer = true;
            hears(false);
            back.send(() -> closeClient(status));
        }

        @Override
        public boolean isCancelled() {
            return closedAtServer;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public Attributes getAttributes() {
            return Attributes.EMPTY;
        }

        @Override
        public MethodDescriptor<Q, A> getMethodDescriptor() {
            return method;
        }
    }
}
