package dev.sluice.e2e.simulation;

import dev.sluice.contract.Problem;
import dev.sluice.control.audit.HashChain;
import dev.sluice.control.change.EventReader;
import dev.sluice.control.change.EventStore;
import dev.sluice.control.change.ImageStore;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The disk of the control plane: it outlives processes, and fails for a while, before or after it
 * has written. Used by one thread.
 */
final class SimulatedLog {
    private final List<LoggedEvent> events = new ArrayList<>();
    private final Wiring wiring;
    private final Consumer<LoggedEvent> onAppended;
    private Mood mood = Mood.WELL;
    private long owner;

    /** How appends go. */
    enum Mood {
        WELL,
        /** Nothing is written. */
        FULL,
        /** It is written, and the call fails all the same. */
        IN_DOUBT
    }

    /**
     * @param onAppended told of each event that is written
     */
    SimulatedLog(Wiring wiring, Consumer<LoggedEvent> onAppended) {
        this.wiring = wiring;
        this.onAppended = onAppended;
    }

    void be(Mood next) {
        mood = next;
    }

    /** The log for a process that has just started; whoever had it before has it no more. */
    EventStore open() {
        return new Opened(++owner);
    }

    private static StoreException failure(String got, String expected) {
        return new StoreException(new Problem("disk", got, expected, "wait"));
    }

    private final class Opened implements EventStore {
        private final long mine;

        Opened(long mine) {
            this.mine = mine;
        }

        @Override
        public long epoch() {
            return 1;
        }

        @Override
        public boolean isOwn() {
            return true;
        }

        @Override
        public Head head() {
            return events.isEmpty() ? Head.EMPTY : new Head(events.size(), events.getLast().hash());
        }

        @Override
        public List<LoggedEvent> read(long firstSeq, int limit) {
            int from = (int) Math.min(events.size(), firstSeq - 1);
            return List.copyOf(events.subList(from, Math.min(events.size(), from + limit)));
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
            throw new UnsupportedOperationException("nobody looks back in a simulation");
        }

        @Override
        public ImageStore images() {
            return ImageStore.NONE;
        }

        @Override
        public void append(List<LoggedEvent> batch) {
            if (wiring.isFenced() && mine != owner) {
                throw failure("another owner", "one owner at a time");
            }
            if (mood == Mood.FULL) {
                throw failure("no room", "room");
            }
            if (wiring.isFenced() && isGap(batch.getFirst())) {
                throw failure("a gap", "the next event");
            }
            events.addAll(batch);
            batch.forEach(onAppended);
            if (mood == Mood.IN_DOUBT) {
                throw failure("no answer", "an answer");
            }
        }

        private boolean isGap(LoggedEvent first) {
            return first.seq() != events.size() + 1 || !first.previous().equals(head().hash());
        }

        @Override
        public void close() {}
    }
}
