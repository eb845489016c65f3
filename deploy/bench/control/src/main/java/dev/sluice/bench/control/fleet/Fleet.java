package dev.sluice.bench.control.fleet;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Sidecars under one control plane, on one event loop. Owned by one thread. */
final class Fleet implements AutoCloseable {
    private final MultiThreadIoEventLoopGroup group =
            new MultiThreadIoEventLoopGroup(
                    1,
                    Thread.ofPlatform().name("sidecars").daemon().factory(),
                    EpollIoHandler.newFactory());
    private final List<Sidecar> sidecars;
    private final int port;

    /**
     * None is connected.
     *
     * @param port of xDS on 127.0.0.1
     */
    Fleet(int size, int port) {
        Names names = new Names();
        EventLoop loop = group.next();
        this.port = port;
        this.sidecars =
                IntStream.range(0, size)
                        .mapToObj(i -> new Sidecar(i, Shops.application(i), names, loop))
                        .toList();
    }

    /** What every sidecar is to reach from now on. */
    Round round(Predicate<Sidecar> goal) {
        Round round = new Round(sidecars.size(), goal);
        each(sidecar -> sidecar.join(round));
        return round;
    }

    void connect() {
        each(sidecar -> sidecar.connect(port));
    }

    void cut() {
        each(Sidecar::cut);
    }

    /** Something of one of them. */
    <T> T first(Function<Sidecar, T> question) {
        return group.submit(() -> question.apply(sidecars.getFirst()))
                .syncUninterruptibly()
                .getNow();
    }

    private void each(Consumer<Sidecar> action) {
        group.submit(() -> sidecars.forEach(action)).syncUninterruptibly();
    }

    @Override
    public void close() {
        cut();
        var unused = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
