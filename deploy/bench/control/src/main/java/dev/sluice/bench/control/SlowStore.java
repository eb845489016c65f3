package dev.sluice.bench.control;

import dev.sluice.control.change.EventReader;
import dev.sluice.control.change.EventStore;
import dev.sluice.control.change.ImageStore;
import dev.sluice.control.change.LoggedEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A store on a slower disk: every commit takes longer, and is counted. As its store otherwise. */
final class SlowStore implements EventStore {
    private final EventStore disk;
    private final long added;
    private final AtomicLong commits = new AtomicLong();

    SlowStore(EventStore disk, Duration added) {
        this.disk = disk;
        this.added = added.toNanos();
    }

    /** Commits so far. */
    long commits() {
        return commits.get();
    }

    @Override
    public long epoch() {
        return disk.epoch();
    }

    @Override
    public boolean isOwn() {
        return disk.isOwn();
    }

    @Override
    public Head head() {
        return disk.head();
    }

    @Override
    public List<LoggedEvent> read(long firstSeq, int limit) {
        return disk.read(firstSeq, limit);
    }

    @Override
    public List<LoggedEvent> after(Head place, int limit) {
        return disk.after(place, limit);
    }

    @Override
    public EventReader reader() {
        return disk.reader();
    }

    @Override
    public ImageStore images() {
        return disk.images();
    }

    @Override
    public void append(List<LoggedEvent> batch) {
        disk.append(batch);
        commits.incrementAndGet();
        long until = System.nanoTime() + added;
        for (long left = added; left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public void close() {
        disk.close();
    }
}
