package dev.sluice.control.boot;

import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.EventStore;
import dev.sluice.control.change.ImageStore;
import dev.sluice.control.path.CatalogFeed;
import dev.sluice.control.path.EventLog;
import dev.sluice.control.path.Images;
import dev.sluice.control.path.ReadLog;
import dev.sluice.control.store.PostgresEventStore;
import dev.sluice.control.store.SqliteEventStore;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of one control plane with its threads: one writes, one reads for those who look back, one
 * keeps images. Thread-safe.
 */
final class OpenLog implements AutoCloseable {
    static final String FILE = "events.db";
    private static final long STOP_SECONDS = 5;
    private static final Logger LOG = LoggerFactory.getLogger(OpenLog.class);

    private final ExecutorService writer =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().name("writer").factory());
    private final ExecutorService reader = Executors.newSingleThreadExecutor(beside("log-reader"));
    private final ExecutorService keeper = Executors.newSingleThreadExecutor(beside("log-images"));
    private final EventStore store;
    private final ImageStore imageStore;
    private final Images images;
    private final Catalog start;
    private final ReadLog reading;

    private OpenLog(EventStore store, ImageStore imageStore, String form) {
        this.store = store;
        this.imageStore = imageStore;
        this.images = new Images(imageStore, form);
        this.start = images.newest(store);
        this.reading = new ReadLog(store.reader(), reader);
    }

    /**
     * Opens the log that the settings name, and finds where a start begins.
     *
     * @throws dev.sluice.control.change.StoreException when it can't be opened, or was cut short
     */
    static OpenLog open(Settings settings) {
        EventStore store = store(settings);
        ImageStore images = ImageStore.NONE;
        try {
            Optional<String> form = ProgramForm.ofState();
            images = form.isPresent() ? store.images() : ImageStore.NONE;
            return new OpenLog(store, images, form.orElse(""));
        } catch (RuntimeException e) {
            images.close();
            store.close();
            throw e;
        }
    }

    /** For the thread that writes. */
    EventStore store() {
        return store;
    }

    /** Runs what uses the store, one task at a time. */
    ExecutorService writer() {
        return writer;
    }

    /** A state of the log after which it is to be read. */
    Catalog start() {
        return start;
    }

    /** For those who look back. */
    EventLog reading() {
        return reading;
    }

    /**
     * Checks the log before {@link #start}, and keeps images of what comes.
     *
     * @param leads whether this replica does
     */
    void follow(CatalogFeed feed, BooleanSupplier leads) {
        images.follow(feed, store.reader(), start.head(), keeper, leads);
    }

    /** Whether the log was found damaged since it was opened. */
    boolean isDamaged() {
        return images.damage().isPresent();
    }

    /** Ends each thread after what was given to it before, the writer last. */
    @Override
    public void close() {
        reading.close();
        keeper.execute(imageStore::close);
        writer.execute(store::close);
        try {
            stop(reader);
            stop(keeper);
            stop(writer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static EventStore store(Settings settings) {
        return settings.shared().isPresent()
                ? PostgresEventStore.open(settings.shared().get().database())
                : SqliteEventStore.open(settings.state().resolve(FILE), settings.history());
    }

    private static void stop(ExecutorService thread) throws InterruptedException {
        thread.shutdown();
        if (!thread.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
            LOG.warn("the log was still in use after {} s", STOP_SECONDS);
        }
    }

    /** Of threads that commands need not wait for. */
    private static ThreadFactory beside(String name) {
        return Thread.ofPlatform().name(name).daemon().priority(Thread.MIN_PRIORITY).factory();
    }
}
