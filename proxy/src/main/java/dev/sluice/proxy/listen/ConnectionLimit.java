package dev.sluice.proxy.listen;

import dev.sluice.proxy.codec.TransportSecurity;
import dev.sluice.proxy.exchange.ServerConnection;
import dev.sluice.proxy.runtime.RuntimeLayers;
import dev.sluice.proxy.snapshot.listener.ConnectionLimitSpec;
import io.netty.channel.Channel;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * How many connections of a filter chain are open on all loops together; those over the limit are
 * closed. Thread-safe.
 */
final class ConnectionLimit {
    private final ConnectionLimitSpec spec;
    private final RuntimeLayers runtime;
    private final Consumer<String> refusals;
    private final AtomicLong open = new AtomicLong();

    /**
     * @param runtime values that may turn it on and off
     * @param refusals is told why a connection is closed
     */
    ConnectionLimit(ConnectionLimitSpec spec, RuntimeLayers runtime, Consumer<String> refusals) {
        this.spec = spec;
        this.runtime = runtime;
        this.refusals = refusals;
    }

    /** The filter behind this limit. */
    NetworkFilter before(NetworkFilter filter) {
        return (channel, security, alpn) -> install(filter, channel, security, alpn);
    }

    private ServerConnection install(
            NetworkFilter filter, Channel channel, TransportSecurity security, String alpn) {
        if (!runtime.values().isOn(spec.enabled())) {
            return filter.install(channel, security, alpn);
        }
        if (open.incrementAndGet() > spec.connections()) {
            open.decrementAndGet();
            refusals.accept("over the connection limit of " + spec.connections());
            ClosingConnection closing = new ClosingConnection(channel, spec.delay());
            channel.pipeline().addLast(closing);
            return closing;
        }
        channel.closeFuture().addListener(closed -> open.decrementAndGet());
        return filter.install(channel, security, alpn);
    }
}
