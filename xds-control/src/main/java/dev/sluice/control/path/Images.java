package dev.sluice.control.path;

import dev.sluice.contract.Problem;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.image.CatalogImage;
import dev.sluice.control.change.EventReader;
import dev.sluice.control.change.EventStore;
import dev.sluice.control.change.EventStore.Head;
import dev.sluice.control.change.ImageStore;
import dev.sluice.control.change.ImageStore.Image;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Images of the state: what a start begins from, and what is taken now and then for the next one.
 *
 * <h2>The log is the truth</h2>
 *
 * An image that can't be read, or is of other events than the log has, is left alone with a
 * warning, and the whole log is read. One of an event that the log does not have shows that the log
 * was cut short, and refuses the start. The events before an image are checked after the start, in
 * the background; the audit compares the image itself with what the log says.
 *
 * <p>Thread-safe, but for {@link #newest}, which is for the start.
 */
public final class Images {
    /** So few events are read in no time. */
    private static final long LEAST_EVENTS = 10_000;

    private static final long MOST_EVENTS = 100_000;

    /** A start reads at most this part of the log. */
    private static final long PART = 10;

    private static final Logger LOG = LoggerFactory.getLogger(Images.class);

    private final ImageStore store;
    private final String form;
    private long last; // of the executor's thread, after the start
    private volatile @Nullable Problem damage;

    /**
     * @param form of the images that this program reads and writes
     */
    public Images(ImageStore store, String form) {
        this.store = store;
        this.form = form;
    }

    /**
     * The newest state of which there is an image that belongs to the log; the empty one when there
     * is none.
     *
     * @throws StoreException when the log was cut short, or can't be read
     */
    public Catalog newest(EventStore log) {
        Catalog found =
                store.newest(form).flatMap(image -> state(log, image)).orElse(Catalog.EMPTY);
        last = found.seq();
        return found;
    }

    /**
     * Checks what the start did not read, then takes an image whenever enough has happened.
     *
     * @param past reads the log, and is closed when it did
     * @param executor runs one task at a time; it may be busy for seconds
     * @param takes whether this replica is the one that takes images now
     */
    public void follow(
            CatalogFeed feed,
            EventReader past,
            Head read,
            Executor executor,
            BooleanSupplier takes) {
        executor.execute(() -> check(past, read));
        feed.watch(
                executor,
                catalog -> {
                    if (isDue(catalog.seq()) && takes.getAsBoolean()) {
                        take(catalog);
                    }
                });
    }

    /** What is wrong with the events before those that the start read; empty while none is. */
    public Optional<Problem> damage() {
        return Optional.ofNullable(damage);
    }

    private Optional<Catalog> state(EventStore log, Image image) {
        long seq = image.head().seq();
        List<LoggedEvent> stored = log.read(seq, 1);
        if (stored.isEmpty()) {
            throw new StoreException(
                    new Problem(
                            "the log",
                            "an end at event " + log.head().seq(),
                            "event " + seq + ", of which there is an image",
                            "restore a backup (sluice store restore FILE); the log was cut short"
                                    + " after its last good event, "
                                    + log.head().seq()));
        }
        if (!stored.getFirst().hash().equals(image.head().hash())) {
            LOG.warn(
                    "event {} of the log is {} and of its image {}: the image is left alone and the"
                            + " whole log read; if nobody has put this log together, have it audited",
                    seq,
                    stored.getFirst().hash().brief(),
                    image.head().hash().brief());
            return Optional.empty();
        }
        try {
            return Optional.of(CatalogImage.read(image.content()))
                    .filter(catalog -> catalog.head().equals(image.head()));
        } catch (IllegalArgumentException e) {
            LOG.warn(
                    "the image of event {} can't be read; the whole log is: {}",
                    seq,
                    e.getMessage());
            return Optional.empty();
        }
    }

    private boolean isDue(long seq) {
        return seq - last >= Math.clamp(seq / PART, LEAST_EVENTS, MOST_EVENTS);
    }

    private void take(Catalog catalog) {
        try {
            store.keep(new Image(catalog.head(), form, CatalogImage.write(catalog)));
            LOG.info("an image of the state at event {} is kept", catalog.seq());
        } catch (StoreException e) {
            LOG.warn("no image of event {}; a start reads more: {}", catalog.seq(), e.getMessage());
        }
        last = catalog.seq(); // one that failed is tried again when it is due again
    }

    private void check(EventReader past, Head read) {
        try (past) {
            if (read.seq() > 0) {
                past.verify(read);
                LOG.info(
                        "the log is whole up to event {}, from where the start read it",
                        read.seq());
            }
        } catch (StoreException e) {
            damage = e.problem();
            LOG.error("the log is damaged before what the start read: {}", e.getMessage());
        }
    }
}
