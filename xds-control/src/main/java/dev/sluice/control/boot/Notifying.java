package dev.sluice.control.boot;

import dev.sluice.control.notify.Couriers;
import dev.sluice.control.notify.Notifier;
import dev.sluice.control.path.ChangePath;
import dev.sluice.control.path.EventLog;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;

/** The notifier with threads of its own to wait on. Thread-safe. */
final class Notifying implements AutoCloseable {
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("notify-", 0).factory());
    private final Couriers couriers;
    private final Notifier notifier;

    Notifying(Outward outward, ChangePath path, EventLog log, Clock clock) {
        couriers =
                new Couriers(
                        outward.origins(),
                        outward.secrets(),
                        outward.trust(),
                        outward.source(),
                        clock);
        notifier =
                new Notifier(
                        path.feed(),
                        log,
                        (command, context) -> {
                            var unused = path.submit(command, context);
                        },
                        couriers,
                        clock,
                        threads,
                        () -> ThreadLocalRandom.current().nextDouble());
    }

    Notifier notifier() {
        return notifier;
    }

    /** Only one of all replicas tells. */
    void tick(boolean leads) {
        if (leads) {
            notifier.tick();
        } else {
            notifier.rest();
        }
    }

    @Override
    public void close() {
        notifier.rest();
        threads.shutdownNow();
        couriers.close();
    }
}
