package dev.sluice.control.change;

import dev.sluice.contract.Problem;
import dev.sluice.control.audit.HashChain;
import java.util.ArrayList;
import java.util.List;

/** An EventStore without a disk, which fails when it is told to. Owned by one thread. */
public final class MemoryEventStore implements EventStore {
    /** How the next appends go. */
    public enum Mood {
        WELL,
        /** Nothing is appended. */
        FAILING,
        /** Everything is appended, and the call fails all the same. */
        FAILING_AFTERWARDS
    }

    private final List<LoggedEvent> log;
    private final long epoch;
    private final boolean own;
    private Mood mood = Mood.WELL;
    private int appends;
    private boolean closed;

    public MemoryEventStore() {
        this(1);
    }

    public MemoryEventStore(long epoch) {
        this(epoch, new ArrayList<>(), true);
    }

    private MemoryEventStore(long epoch, List<LoggedEvent> log, boolean own) {
        this.epoch = epoch;
        this.log = log;
        this.own = own;
    }

    /** The same log, as a replica has it that follows. */
    public MemoryEventStore followed() {
        return new MemoryEventStore(epoch, log, false);
    }

    public void be(Mood next) {
        mood = next;
    }

    public List<LoggedEvent> log() {
        return List.copyOf(log);
    }

    public int appends() {
        return appends;
    }

    public boolean isClosed() {
        return closed;
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public boolean isOwn() {
        return own;
    }

    @Override
    public Head head() {
        return log.isEmpty() ? Head.EMPTY : new Head(log.size(), log.getLast().hash());
    }

    @Override
    public List<LoggedEvent> read(long firstSeq, int limit) {
        int from = (int) Math.min(log.size(), firstSeq - 1);
        return List.copyOf(log.subList(from, Math.min(log.size(), from + limit)));
    }

    @Override
    public List<LoggedEvent> after(Head place, int limit) {
        List<LoggedEvent> page = read(place.seq() + 1, limit);
        HashChain.verify(place, page)
                .ifPresent(broken -> {
                    throw new StoreException(broken);
                });
        return page;
    }

    @Override
    public EventReader reader() {
        throw new UnsupportedOperationException("owned by one thread");
    }

    @Override
    public ImageStore images() {
        return ImageStore.NONE;
    }

    @Override
    public void append(List<LoggedEvent> batch) {
        if (mood == Mood.FAILING) {
            throw failure();
        }
        if (batch.getFirst().seq() != head().seq() + 1
                || !batch.getFirst().previous().equals(head().hash())
                || batch.getFirst().epoch() != epoch) {
            throw new StoreException(new Problem("memory", "a gap", "the next event", "read"));
        }
        appends++;
        log.addAll(batch);
        if (mood == Mood.FAILING_AFTERWARDS) {
            throw failure();
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    private static StoreException failure() {
        return new StoreException(
                new Problem("memory", "disk full", "room on the disk", "free some room"));
    }
}
