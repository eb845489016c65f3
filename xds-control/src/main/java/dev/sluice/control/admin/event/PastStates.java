package dev.sluice.control.admin.event;

import dev.sluice.control.audit.ChangedResource;
import dev.sluice.control.audit.Replay;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.path.EventLog;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;

/**
 * States of the past, made again from the log: from the nearest one before that is kept, and at
 * most {@value #MOST_PAGES} pages of {@value #PAGE} events for one question. A question that needs
 * more is not answered, but what was made for it is kept, so the same one asked again gets on.
 * {@value #MOST_KEPT} states are kept, spread over the log; they share most of what they hold.
 *
 * <p>Thread-safe.
 */
public final class PastStates {
    private static final int PAGE = 1_000;
    private static final int MOST_PAGES = 50;
    private static final int MOST_KEPT = 8;

    private final EventLog log;
    private final Executor executor;
    private final NavigableMap<Long, Catalog> kept = new TreeMap<>();

    /**
     * @param known a state of the log from which later ones are made
     * @param executor makes them; never the thread that writes the log
     */
    public PastStates(EventLog log, Catalog known, Executor executor) {
        this.log = log;
        this.executor = executor;
        kept.put(0L, Catalog.EMPTY);
        kept.put(known.seq(), known);
    }

    /**
     * What each of some events changed, by its place.
     *
     * @param events in the order of the log
     * @return empty when too much of the log lies between
     */
    CompletableFuture<Optional<Map<Long, List<ChangedResource>>>> changes(
            List<LoggedEvent> events) {
        if (events.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.of(Map.of()));
        }
        Set<Long> wanted = events.stream().map(LoggedEvent::seq).collect(Collectors.toSet());
        return before(events.getFirst().seq())
                .thenComposeAsync(
                        state ->
                                state.isEmpty()
                                        ? CompletableFuture.completedFuture(Optional.empty())
                                        : read(
                                                new Replay(state.get()),
                                                wanted,
                                                events.getLast().seq(),
                                                new HashMap<>()),
                        executor);
    }

    /** The state before an event; empty when too much of the log lies between. */
    CompletableFuture<Optional<Catalog>> before(long seq) {
        return advance(floor(seq - 1), seq - 1, MOST_PAGES);
    }

    private CompletableFuture<Optional<Catalog>> advance(Catalog from, long to, int pages) {
        if (from.seq() == to) {
            return CompletableFuture.completedFuture(Optional.of(from));
        }
        if (pages == 0) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        int limit = (int) Math.min(PAGE, to - from.seq());
        return log.read(from.seq() + 1, limit)
                .thenComposeAsync(
                        page -> {
                            Catalog next = from.applyAll(page);
                            boolean isLast = next.seq() == to || pages == 1;
                            if (isLast) {
                                keep(next);
                            }
                            return page.isEmpty()
                                    ? CompletableFuture.completedFuture(Optional.empty())
                                    : advance(next, to, pages - 1);
                        },
                        executor);
    }

    private CompletableFuture<Optional<Map<Long, List<ChangedResource>>>> read(
            Replay replay, Set<Long> wanted, long last, Map<Long, List<ChangedResource>> found) {
        long at = replay.state().seq();
        if (at >= last) {
            keep(replay.state());
            return CompletableFuture.completedFuture(Optional.of(found));
        }
        return log.read(at + 1, (int) Math.min(PAGE, last - at))
                .thenComposeAsync(
                        page -> {
                            for (LoggedEvent event : page) {
                                if (wanted.contains(event.seq())) {
                                    found.put(event.seq(), replay.changes(event));
                                } else {
                                    replay.read(event);
                                }
                            }
                            return page.isEmpty()
                                    ? CompletableFuture.completedFuture(Optional.of(found))
                                    : read(replay, wanted, last, found);
                        },
                        executor);
    }

    private synchronized Catalog floor(long seq) {
        return kept.floorEntry(seq).getValue(); // the empty state is always kept
    }

    /** Keeps a state, and drops the one that leaves the smallest gap; never the first or this. */
    private synchronized void keep(Catalog state) {
        kept.put(state.seq(), state);
        if (kept.size() <= MOST_KEPT) {
            return;
        }
        long dropped = -1;
        long smallest = Long.MAX_VALUE;
        for (long seq : kept.keySet()) {
            if (seq == 0 || seq == state.seq()) {
                continue;
            }
            Long next = kept.higherKey(seq);
            long gap = (next == null ? Long.MAX_VALUE : next) - kept.lowerKey(seq);
            if (gap < smallest) {
                smallest = gap;
                dropped = seq;
            }
        }
        kept.remove(dropped);
    }

    /** How many states are kept. */
    synchronized int size() {
        return kept.size();
    }
}
