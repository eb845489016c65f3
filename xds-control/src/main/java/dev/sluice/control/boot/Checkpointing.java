package dev.sluice.control.boot;

import dev.sluice.control.checkpoint.CheckpointFolder;
import dev.sluice.control.checkpoint.CheckpointPlace;
import dev.sluice.control.checkpoint.CheckpointPost;
import dev.sluice.control.checkpoint.CheckpointState;
import dev.sluice.control.checkpoint.Checkpoints;
import dev.sluice.control.path.CatalogFeed;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/** Checkpoints of the log with threads of their own to wait on. Thread-safe. */
final class Checkpointing implements AutoCloseable {
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("checkpoint-", 0).factory());
    private final List<CheckpointPlace> places;
    private final Optional<Checkpoints> checkpoints;
    private final CatalogFeed feed;
    private final BooleanSupplier damaged;

    /**
     * @param damaged whether the log was found damaged; then its end is not vouched for
     */
    Checkpointing(
            Settings settings, CatalogFeed feed, BooleanSupplier damaged, InstantSource clock) {
        this.feed = feed;
        this.damaged = damaged;
        this.places =
                settings.checkpoints().map(it -> places(it, settings.outward())).orElse(List.of());
        this.checkpoints =
                settings.checkpoints()
                        .map(it -> new Checkpoints(places, it.key(), it.every(), clock, threads));
    }

    private static List<CheckpointPlace> places(CheckpointSettings settings, Outward outward) {
        List<CheckpointPlace> places = new ArrayList<>();
        settings.folder().ifPresent(folder -> places.add(new CheckpointFolder(folder)));
        settings.url()
                .ifPresent(url ->
                        places.add(new CheckpointPost(url, outward.secrets(), outward.trust())));
        return places;
    }

    /** Only one of all replicas signs. */
    void tick(boolean leads) {
        if (leads && !damaged.getAsBoolean()) {
            checkpoints.ifPresent(it -> it.tick(feed.latest().head()));
        }
    }

    List<CheckpointState> states() {
        return checkpoints.map(Checkpoints::states).orElse(List.of());
    }

    @Override
    public void close() {
        threads.shutdownNow();
        places.forEach(CheckpointPlace::close);
    }
}
