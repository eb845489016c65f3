package dev.sluice.testkit.grpc;

import dev.sluice.testkit.Patience;
import io.grpc.HandlerRegistry;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCredentials;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A gRPC server on a free loopback port whose methods are looked up by name at each call, so that
 * it serves what no generated class describes. It can stop to listen and come back on the same
 * port. Thread-safe.
 */
public final class GrpcPeer implements AutoCloseable {
    private static final int MAX_MESSAGE = 64 * 1024 * 1024;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final HandlerRegistry registry;
    private final ServerCredentials credentials;
    private final int port;
    private volatile boolean closing;
    private Server server;

    private GrpcPeer(
            Function<String, Optional<Served<?, ?>>> methods, ServerCredentials credentials) {
        this.credentials = credentials;
        registry = new Registry(methods);
        server = listen(0);
        port = server.getPort();
    }

    /**
     * A method and what is done about its calls.
     *
     * @param <Q> request message
     * @param <A> answer message
     */
    public record Served<Q, A>(MethodDescriptor<Q, A> method, GrpcScript<Q, A> script) {}

    /**
     * Listens on a port of its own.
     *
     * @param methods by full name; empty is answered UNIMPLEMENTED
     */
    public static GrpcPeer start(Function<String, Optional<Served<?, ?>>> methods) {
        return start(methods, InsecureServerCredentials.create());
    }

    /** The same, with TLS or without. */
    public static GrpcPeer start(
            Function<String, Optional<Served<?, ?>>> methods, ServerCredentials credentials) {
        return new GrpcPeer(methods, credentials);
    }

    public int port() {
        return port;
    }

    /** Breaks all connections and refuses new ones until {@link #accept}. */
    public synchronized void refuse() {
        server.shutdownNow();
        try {
            if (!server.awaitTermination(Patience.LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new AssertionError("a gRPC server does not end");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Listens again on the same port; nothing when it already does. */
    public synchronized void accept() {
        if (server.isShutdown()) {
            server = listen(port);
        }
    }

    /** Ends all calls; throws what a script threw, unless its call had been cancelled. */
    @Override
    public void close() {
        closing = true;
        threads.shutdownNow();
        refuse();
        Throwable first = failures.poll();
        if (first != null) {
            AssertionError failed = new AssertionError("a gRPC script failed", first);
            failures.forEach(failed::addSuppressed);
            throw failed;
        }
    }

    private Server listen(int onPort) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), onPort);
        try {
            return NettyServerBuilder.forAddress(address, credentials)
                    .directExecutor()
                    .maxInboundMessageSize(MAX_MESSAGE)
                    .fallbackHandlerRegistry(registry)
                    .build()
                    .start();
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot listen on " + address, failed);
        }
    }

    private <Q, A> ServerCall.Listener<Q> serve(
            ServerCall<Q, A> call, Metadata metadata, GrpcScript<Q, A> script) {
        GrpcServerCall.Started<Q, A> started = GrpcServerCall.start(call, metadata);
        threads.execute(() -> play(started.call(), script));
        return started.listener();
    }

    private <Q, A> void play(GrpcServerCall<Q, A> call, GrpcScript<Q, A> script) {
        try {
            script.serve(call);
        } catch (StatusRuntimeException cancelled) {
            call.end(cancelled.getStatus());
        } catch (RuntimeException | AssertionError failed) {
            if (!closing) {
                failures.add(failed);
            }
            call.end(Status.INTERNAL.withDescription("the script failed").withCause(failed));
        }
    }

    private final class Registry extends HandlerRegistry {
        private final Function<String, Optional<Served<?, ?>>> methods;

        Registry(Function<String, Optional<Served<?, ?>>> methods) {
            this.methods = methods;
        }

        @Override
        @SuppressWarnings("NullAway") // gRPC's contract: null for an unknown method and authority
        public ServerMethodDefinition<?, ?> lookupMethod(String name, String authority) {
            return methods.apply(name).map(this::definition).orElse(null);
        }

        private <Q, A> ServerMethodDefinition<?, ?> definition(Served<Q, A> served) {
            return ServerMethodDefinition.create(
                    served.method(), (call, metadata) -> serve(call, metadata, served.script()));
        }
    }
}
