package dev.sluice.proxy.tcp;

import dev.sluice.proxy.exchange.ServerConnection;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.proxy.snapshot.listener.TcpProxySpec;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection and the endpoint's that carries its bytes. Each side is read only while the
 * other can be written to. When one side ends, the other is told so and may go on; when both have
 * ended, or one broke, both are closed. Loop-owned.
 */
final class TcpSession implements ServerConnection {
    private final EventLoop loop;
    private final TcpProxySpec spec;
    private final TcpTally tally;
    private final TcpSide client;
    private TcpSide endpoint;
    private final Set<ResponseFlag> flags = EnumSet.noneOf(ResponseFlag.class);
    private String details = "";
    private boolean begun;
    private boolean over;
    private long lastByte;
    private @Nullable Future<?> idle;
    private @Nullable Future<?> longest;

    TcpSession(EventLoop loop, TcpProxySpec spec, TcpTally tally) {
        this.loop = loop;
        this.spec = spec;
        this.tally = tally;
        client = new TcpSide(this, tally::received);
        endpoint = facingClient();
        lastByte = loop.ticker().nanoTime();
        watchIdle();
        if (!spec.longest().isZero()) {
            longest = after(spec.longest(), () -> fail(ResponseFlag.DURATION_TIMEOUT, "too long"));
        }
    }

    TcpSide client() {
        return client;
    }

    /** The side of an endpoint for one attempt to connect; the last one counts. */
    TcpSide endpoint() {
        endpoint = facingClient();
        return endpoint;
    }

    private TcpSide facingClient() {
        TcpSide side = new TcpSide(this, tally::sent);
        side.faces(client);
        client.faces(side);
        return side;
    }

    /** Whether an endpoint's connection would still be of use. */
    boolean awaitsEndpoint() {
        return !begun && !over;
    }

    /** The endpoint's connection stands. */
    void begin() {
        if (over) {
            endpoint.close();
            return;
        }
        begun = true;
        client.begin();
        endpoint.begin();
    }

    boolean hasBegun() {
        return begun;
    }

    /** A byte went by. */
    void moved() {
        lastByte = loop.ticker().nanoTime();
    }

    /** A side has ended what it sends; with both the session is over. */
    void ended() {
        if (client.hasEnded() && endpoint.hasEnded()) {
            end();
        }
    }

    /** One side is gone: what it sent still goes to the other, then all ends. */
    void gone(TcpSide side) {
        if (begun || side == client) {
            end();
        }
    }

    /** Ends all, for this reason. */
    void fail(ResponseFlag flag, String reason) {
        if (!over) {
            flags.add(flag);
            details = reason;
            end();
        }
    }

    private void end() {
        if (over) {
            return;
        }
        over = true;
        cancel(idle);
        cancel(longest);
        client.closeWhenWritten();
        endpoint.closeWhenWritten();
        tally.end(flags, details);
    }

    private static void cancel(@Nullable Future<?> timer) {
        if (timer != null) {
            timer.cancel(/* mayInterruptIfRunning= */ false);
        }
    }

    private void watchIdle() {
        if (!spec.idleTimeout().isZero()) {
            idle = after(spec.idleTimeout(), this::checkIdle);
        }
    }

    private void checkIdle() {
        long left = spec.idleTimeout().toNanos() - (loop.ticker().nanoTime() - lastByte);
        if (left <= 0) {
            fail(ResponseFlag.STREAM_IDLE_TIMEOUT, "no byte within the idle timeout");
        } else {
            idle = after(Duration.ofNanos(left), this::checkIdle);
        }
    }

    private Future<?> after(Duration delay, Runnable action) {
        return loop.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Bytes have no point at which to leave: the connection lives on until the drain time ends. */
    @Override
    public void drain() {}

    @Override
    public void close() {
        end();
    }

    @Override
    public int active() {
        return over ? 0 : 1;
    }
}
