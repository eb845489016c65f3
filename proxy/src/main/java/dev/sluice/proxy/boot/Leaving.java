package dev.sluice.proxy.boot;

import dev.sluice.proxy.cluster.Loop;
import dev.sluice.proxy.gate.GateTable;
import dev.sluice.proxy.listen.Listeners;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** The end of a proxy's connections. Everything happens on the configuration's thread. */
final class Leaving {
    private static final Duration POLL = Duration.ofMillis(50);

    /** How long before the end who waits for a hold is told to come again. */
    private static final Duration LAST_WORD = Duration.ofSeconds(1);

    /** The close of a socket, the hand-over of what it accepted, and its registration. */
    private static final int LOOP_ROUNDS = 3;

    private final Listeners listeners;
    private final List<Loop> loops;
    private final ConfigurationExecutor thread;
    private final GateTable gates;
    private final long end;
    private final CompletableFuture<Void> gone;

    private Leaving(
            Listeners listeners,
            List<Loop> loops,
            ConfigurationExecutor thread,
            GateTable gates,
            Duration longest,
            CompletableFuture<Void> gone) {
        this.listeners = listeners;
        this.loops = loops;
        this.thread = thread;
        this.gates = gates;
        this.gone = gone;
        end = System.nanoTime() + longest.toNanos();
    }

    /**
     * Stops accepting and asks all clients to leave; what is left after the longest time is closed.
     *
     * @param gone done when no connection is left
     */
    static void begin(
            Listeners listeners,
            List<Loop> loops,
            ConfigurationExecutor thread,
            GateTable gates,
            Duration longest,
            CompletableFuture<Void> gone) {
        listeners.drain();
        new Leaving(listeners, loops, thread, gates, longest, gone).onceSettled(LOOP_ROUNDS);
    }

    /** Connections that were accepted before the sockets closed have reached their loops then. */
    private void onceSettled(int rounds) {
        if (rounds == 0) {
            thread.execute(this::awaitGone);
            return;
        }
        AtomicInteger left = new AtomicInteger(loops.size());
        for (Loop loop : loops) {
            loop.executor()
                    .execute(() -> {
                        if (left.decrementAndGet() == 0) {
                            onceSettled(rounds - 1);
                        }
                    });
        }
    }

    private void awaitGone() {
        if (listeners.connections() == 0) {
            gone.complete(null);
        } else if (System.nanoTime() - end >= 0) {
            listeners.close();
            gone.complete(null);
        } else {
            if (System.nanoTime() - end >= -LAST_WORD.toNanos()) {
                gates.endWaits();
            }
            thread.after(POLL, this::awaitGone);
        }
    }
}
