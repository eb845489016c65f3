package dev.sluice.control.path;

import dev.sluice.control.catalog.Catalog;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The committed catalogs, for those who watch. A watcher that is slower than the changes sees the
 * latest state and skips those between: each holds back one catalog at most, however slow it is.
 * What changed is found by comparing with the catalog seen before. Thread-safe.
 */
public final class CatalogFeed {
    private final List<Watch> watches = new CopyOnWriteArrayList<>();
    private volatile Catalog latest;

    CatalogFeed(Catalog first) {
        this.latest = first;
    }

    /** The newest committed state. */
    public Catalog latest() {
        return latest;
    }

    /**
     * Calls {@code watcher} on {@code executor} with the present catalog and with later ones, one
     * call at a time, never backwards, until the watch is closed or the executor has ended.
     */
    public Watch watch(Executor executor, Consumer<Catalog> watcher) {
        Watch watch = new Watch(executor, watcher);
        watches.add(watch);
        watch.offer(latest);
        return watch;
    }

    /** How many watch now. */
    public int watchers() {
        return watches.size();
    }

    void publish(Catalog catalog) {
        latest = catalog;
        watches.forEach(watch -> watch.offer(catalog));
    }

    /** One watcher's subscription. Thread-safe. */
    public final class Watch implements AutoCloseable {
        private final Executor executor;
        private final Consumer<Catalog> watcher;
        private final AtomicReference<@Nullable Catalog> waiting = new AtomicReference<>();
        private long seen = -1; // guarded by this
        private volatile boolean open = true;

        private Watch(Executor executor, Consumer<Catalog> watcher) {
            this.executor = executor;
            this.watcher = watcher;
        }

        private void offer(Catalog catalog) {
            if (waiting.getAndSet(catalog) == null) {
                try {
                    executor.execute(this::deliver);
                } catch (RejectedExecutionException _) {
                    close(); // its executor has ended; the others go on
                }
            }
        }

        private synchronized void deliver() {
            Catalog catalog = waiting.getAndSet(null);
            if (catalog != null && open && catalog.seq() > seen) {
                seen = catalog.seq();
                watcher.accept(catalog);
            }
        }

        @Override
        public void close() {
            open = false;
            watches.remove(this);
        }
    }
}
