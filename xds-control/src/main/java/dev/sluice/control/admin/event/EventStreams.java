package dev.sluice.control.admin.event;

import dev.sluice.admin.v1.Event;
import dev.sluice.control.audit.ChangedResource;
import dev.sluice.control.audit.Replay;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.path.CatalogFeed;
import dev.sluice.control.path.EventLog;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Streams of events: those that are there, then each that is committed, every one once and in
 * order. A slow client holds back one page of the log and nobody else. Thread-safe.
 */
public final class EventStreams {
    private static final int PAGE = 1_000;

    private final CatalogFeed feed;
    private final EventLog log;
    private final Executor executor;

    /**
     * @param executor runs what follows a commit; never on the thread that changes the state
     */
    public EventStreams(CatalogFeed feed, EventLog log, Executor executor) {
        this.feed = feed;
        this.log = log;
        this.executor = executor;
    }

    /**
     * Serves one call until its client leaves.
     *
     * @param past for what events changed; empty where nobody asks for that
     */
    void open(
            ServerCallStreamObserver<Event> observer,
            EventQuery query,
            long after,
            Optional<PastStates> past) {
        new Stream(observer, query, after, past).start();
    }

    /** An event that is to be sent, and what it changed. */
    private record Told(LoggedEvent event, List<ChangedResource> changes) {}

    /** One stream. Thread-safe by its lock. */
    private final class Stream {
        private final ServerCallStreamObserver<Event> observer;
        private final EventQuery query;
        private final Optional<PastStates> past;
        private final Deque<Told> unsent = new ArrayDeque<>();
        private Optional<Replay> replay = Optional.empty(); // once what is asked for is begun
        private long seen;
        private boolean reading;
        private boolean over;
        private Runnable ending = () -> {};

        Stream(
                ServerCallStreamObserver<Event> observer,
                EventQuery query,
                long after,
                Optional<PastStates> past) {
            this.observer = observer;
            this.query = query;
            this.seen = after;
            this.past = past;
        }

        synchronized void start() {
            observer.setOnCancelHandler(this::end);
            observer.setOnReadyHandler(() -> executor.execute(this::advance));
            ending = feed.watch(executor, _ -> advance())::close;
        }

        private synchronized void end() {
            over = true;
            ending.run();
        }

        private synchronized void advance() {
            while (!over && observer.isReady() && !unsent.isEmpty()) {
                Told next = unsent.remove();
                observer.onNext(EventForm.write(next.event(), next.changes()));
            }
            if (!over && !reading && unsent.isEmpty() && seen < feed.latest().seq()) {
                reading = true;
                if (past.isPresent() && replay.isEmpty()) {
                    var unused =
                            past.get().before(seen + 1).whenCompleteAsync(this::began, executor);
                } else {
                    var unused = log.read(seen + 1, PAGE).whenCompleteAsync(this::took, executor);
                }
            }
        }

        /** The state from which changes are told; asked for again while the past is far. */
        private synchronized void began(Optional<Catalog> state, Throwable failure) {
            reading = false;
            if (failure != null) {
                fail(failure);
                return;
            }
            replay = state.map(Replay::new);
            advance();
        }

        private synchronized void took(List<LoggedEvent> page, Throwable failure) {
            reading = false;
            if (failure != null) {
                fail(failure);
                return;
            }
            page.forEach(this::read);
            seen = page.isEmpty() ? feed.latest().seq() : page.getLast().seq();
            advance();
        }

        private void read(LoggedEvent event) {
            if (query.takes(event)) {
                unsent.add(
                        new Told(event, replay.map(it -> it.changes(event)).orElseGet(List::of)));
            } else {
                replay.ifPresent(it -> it.read(event));
            }
        }

        private void fail(Throwable failure) {
            if (!over) {
                end();
                observer.onError(EventApi.unreadable(failure));
            }
        }
    }
}
