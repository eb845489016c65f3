package dev.sluice.bench.control.fleet;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Sidecars under one control plane. Owned by one thread. */
final class Fleet implements AutoCloseable {
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("reports").daemon().factory());
    private final List<Sidecar> sidecars;
    private final int port;

    /**
     * None is connected.
     *
     * @param port of xDS on 127.0.0.1
     */
    Fleet(int size, int port) {
        Names names = new Names();
        this.port = port;
        this.sidecars =
                IntStream.range(0, size)
                        .mapToObj(i -> new Sidecar(i, Shops.application(i), names, timer))
                        .toList();
    }

    /** What every sidecar is to reach from now on. */
    Round round(Predicate<Sidecar> goal) {
        Round round = new Round(sidecars.size(), goal);
        sidecars.forEach(sidecar -> sidecar.join(round));
        return round;
    }

    void connect() {
        sidecars.forEach(sidecar -> sidecar.connect(port));
    }

    void cut() {
        sidecars.forEach(Sidecar::cut);
    }

    Sidecar first() {
        return sidecars.getFirst();
    }

    @Override
    public void close() {
        cut();
        timer.shutdownNow();
    }
}
