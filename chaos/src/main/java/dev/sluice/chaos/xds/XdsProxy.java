package dev.sluice.chaos.xds;

import io.grpc.HandlerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerMethodDefinition;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stands between nodes and their control plane and hands every gRPC call on, its messages
 * untouched, until somebody leases a fault on its HTTP API. Thread-safe.
 */
public final class XdsProxy implements AutoCloseable {
    private static final int LARGEST_MESSAGE = 64 << 20;
    private static final long CLOSE_SECONDS = 10;

    private final ScheduledExecutorService loop;
    private final ControlPlanes planes;
    private final Relay relay;
    private final Server server;
    private final XdsApi api;

    /**
     * Where it stands.
     *
     * @param listen for nodes; port 0 is any free one
     * @param upstream of the control plane
     * @param api of its HTTP API; port 0 is any free one
     * @param token that the API wants; empty for none
     * @param tls on both sides of it
     */
    public record Settings(
            InetSocketAddress listen,
            InetSocketAddress upstream,
            InetSocketAddress api,
            Optional<String> token,
            Tls tls) {}

    private XdsProxy(Settings settings) throws IOException {
        loop =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("chaos-xds").factory());
        planes =
                new ControlPlanes(
                        channel(settings.upstream(), settings.tls(), loop),
                        other ->
                                channel(
                                        new InetSocketAddress(other.host(), other.port()),
                                        settings.tls(),
                                        loop));
        XdsLeases leases = new XdsLeases(loop);
        relay = new Relay(planes, leases, loop);
        server =
                NettyServerBuilder.forAddress(settings.listen(), settings.tls().nodes())
                        .executor(loop)
                        .maxInboundMessageSize(LARGEST_MESSAGE)
                        .fallbackHandlerRegistry(new AnyMethod(relay))
                        .build();
        api = new XdsApi(settings.api(), settings.token(), leases, relay, loop);
    }

    private static ManagedChannel channel(
            InetSocketAddress address, Tls tls, ScheduledExecutorService loop) {
        NettyChannelBuilder channel =
                NettyChannelBuilder.forAddress(address, tls.upstream())
                        .executor(loop)
                        .maxInboundMessageSize(LARGEST_MESSAGE);
        tls.upstreamName().ifPresent(channel::overrideAuthority);
        return channel.build();
    }

    /** Starts it. */
    public static XdsProxy start(Settings settings) throws IOException {
        XdsProxy proxy = new XdsProxy(settings);
        try {
            proxy.server.start();
            proxy.api.start();
            return proxy;
        } catch (IOException taken) {
            proxy.close();
            throw taken;
        }
    }

    /** Port for nodes. */
    public int port() {
        return server.getPort();
    }

    /** Port of its HTTP API. */
    public int apiPort() {
        return api.port();
    }

    /** Whatever is asked for goes to the relay. */
    private static final class AnyMethod extends HandlerRegistry {
        private final Relay relay;

        AnyMethod(Relay relay) {
            this.relay = relay;
        }

        @Override
        public ServerMethodDefinition<?, ?> lookupMethod(
                String method, @Nullable String authority) {
            return ServerMethodDefinition.create(Relay.method(method), relay);
        }
    }

    @Override
    public void close() {
        api.close();
        try {
            loop.submit(relay::closeAll).get();
            server.shutdownNow().awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
            planes.close(CLOSE_SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException bug) {
            throw new IllegalStateException("its streams do not close", bug);
        } finally {
            loop.shutdownNow();
        }
    }
}
