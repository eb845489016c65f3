package dev.sluice.chaos.fault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.chaos.probe.Outcome;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Renews one lease three times in its time, on a thread of its own, so that neither a slow sidecar
 * nor a long activity of the method keeps others from being renewed. What the sidecar answers is
 * not looked at here: the lease's state says it. Thread-safe.
 */
final class Renewal {
    private static final int TIMES = 3;

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final PlannedLease lease;
    private final Function<JsonNode, Outcome> http;

    private Renewal(PlannedLease lease, Function<JsonNode, Outcome> http) {
        this.lease = lease;
        this.http = http;
    }

    static Renewal start(PlannedLease lease, Function<JsonNode, Outcome> http) {
        Renewal renewal = new Renewal(lease, http);
        Thread.ofVirtual().name("chaos-renew-" + lease.name()).start(renewal::run);
        return renewal;
    }

    private void run() {
        long pause = lease.ttl().toNanos() / TIMES;
        try {
            while (!stopped.await(pause, TimeUnit.NANOSECONDS)) {
                var unused = http.apply(lease.sidecar().renew(lease.name(), lease.ttl()));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    void stop() {
        stopped.countDown();
    }
}
