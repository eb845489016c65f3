package dev.sluice.bench.control;

import dev.sluice.contract.GateName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Principal;
import dev.sluice.control.governance.Governance;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.path.ChangePath;
import dev.sluice.control.path.Outcome;
import dev.sluice.control.snapshot.Publisher;
import dev.sluice.control.store.SqliteEventStore;
import dev.sluice.control.store.SqliteEventStore.History;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * How many commands a second go into a log whose every commit takes longer, when as many callers as
 * {@code OUTSTANDING} each wait for their answer before they ask again. Immutable.
 *
 * @param commitsPerCommand below 1 since commands share commits
 */
record CommandRate(int commands, double perSecond, double commitsPerCommand) {
    /** What a commit takes more than on this disk. */
    static final Duration ADDED = Duration.ofMillis(5);

    private static final int OUTSTANDING = 2_000;
    private static final int NODES = 10_000;

    static CommandRate measure(Path file, int count) throws InterruptedException {
        var store = new SlowStore(SqliteEventStore.open(file, History.CONTINUED), ADDED);
        try (ExecutorService writer = Executors.newSingleThreadExecutor()) {
            ChangePath path =
                    ChangePath.open(
                            store,
                            Governance.embedded(),
                            new Nowhere(),
                            () -> FleetReport.SILENT,
                            writer);
            submit(path, count / 10);
            long commits = store.commits();
            long began = System.nanoTime();
            submit(path, count);
            double seconds = (System.nanoTime() - began) / 1e9;
            commits = store.commits() - commits;
            path.close();
            writer.execute(store::close);
            return new CommandRate(count, count / seconds, (double) commits / count);
        }
    }

    private static void submit(ChangePath path, int count) throws InterruptedException {
        var room = new Semaphore(OUTSTANDING);
        var failures = new ConcurrentLinkedQueue<String>();
        for (int i = 0; i < count; i++) {
            room.acquire();
            var node = LongLog.node("node-" + i % NODES, "1.0." + System.nanoTime());
            var unused =
                    path.submit(
                                    new Command.RegisterNode(node),
                                    CommandContext.of(Principal.NODES, Instant.now()))
                            .whenComplete((outcome, failure) -> {
                                if (!(outcome instanceof Outcome.Accepted)) {
                                    failures.add(outcome + " " + failure);
                                }
                                room.release();
                            });
        }
        room.acquire(OUTSTANDING);
        if (!failures.isEmpty()) {
            throw new IllegalStateException(
                    failures.size() + " commands failed, such as " + failures.peek());
        }
    }

    /** Nobody is told. */
    private static final class Nowhere implements Publisher {
        @Override
        public void publish(Catalog catalog) {}

        @Override
        public void publishKill(Catalog catalog, Set<GateName> gates) {}
    }
}
