package dev.sluice.control.admin.event;

import dev.sluice.control.admin.event.EventQuery.Direction;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.path.EventLog;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Looks for events page by page of the log, as many as one answer may cost. Used by one call;
 * thread-safe, for each step follows the one before.
 */
final class EventSearch {
    private static final int SCAN = 1_000;

    /** So many pages of the log are read for one answer; then it is given, short as it may be. */
    private static final int MOST_SCANS = 20;

    private final EventLog log;
    private final EventQuery query;
    private final int size;
    private final Executor executor;
    private final List<LoggedEvent> found = new ArrayList<>();

    /**
     * @param executor looks through what was read; never the thread that writes the log
     */
    EventSearch(EventLog log, EventQuery query, int size, Executor executor) {
        this.log = log;
        this.query = query;
        this.size = size;
        this.executor = executor;
    }

    /**
     * What was found.
     *
     * @param next place after which the search goes on; empty when it is over
     */
    record Found(List<LoggedEvent> events, OptionalLong next) {
        Found {
            events = List.copyOf(events);
        }
    }

    /**
     * Searches from a place on.
     *
     * @param after ascending: the last place that is not wanted, from 0; descending: the first
     */
    CompletableFuture<Found> from(long after) {
        return scan(after, 0);
    }

    private CompletableFuture<Found> scan(long after, int scans) {
        boolean ascends = query.direction() == Direction.ASCENDING;
        long first = ascends ? after + 1 : Math.max(1, after - SCAN);
        int limit = ascends ? SCAN : (int) (after - first);
        if (limit == 0) {
            return CompletableFuture.completedFuture(new Found(found, OptionalLong.empty()));
        }
        if (scans == MOST_SCANS) {
            return CompletableFuture.completedFuture(new Found(found, OptionalLong.of(after)));
        }
        return log.read(first, limit)
                .thenComposeAsync(
                        page -> {
                            List<LoggedEvent> inOrder = ascends ? page : page.reversed();
                            for (LoggedEvent event : inOrder) {
                                if (query.takes(event)) {
                                    if (found.size() == size) {
                                        return CompletableFuture.completedFuture(
                                                new Found(
                                                        found,
                                                        OptionalLong.of(found.getLast().seq())));
                                    }
                                    found.add(event);
                                }
                            }
                            return page.isEmpty()
                                    ? CompletableFuture.completedFuture(
                                            new Found(found, OptionalLong.empty()))
                                    : scan(inOrder.getLast().seq(), scans + 1);
                        },
                        executor);
    }
}
