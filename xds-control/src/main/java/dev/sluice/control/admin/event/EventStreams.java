package dev.sluice.control.admin.event;

import dev.sluice.admin.v1.Event;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.path.CatalogFeed;
import dev.sluice.control.path.EventLog;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
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

    /** Serves one call until its client leaves. */
    void open(ServerCallStreamObserver<Event> observer, EventQuery query, long after) {
        new Stream(observer, query, after).start();
    }

    /** One stream. Thread-safe by its lock. */
    private final class Stream {
        private final ServerCallStreamObserver<Event> observer;
        private final EventQuery query;
        private final Deque<LoggedEvent> unsent = new ArrayDeque<>();
        private long seen;
        private boolean reading;
        private boolean over;
        private Runnable ending = () -> {};

        Stream(ServerCallStreamObserver<Event> observer, EventQuery query, long after) {
            this.observer = observer;
            this.query = query;
            this.seen = after;
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
                observer.onNext(EventForm.write(unsent.remove()));
            }
            if (!over && !reading && unsent.isEmpty() && seen < feed.latest().seq()) {
                reading = true;
                var unused = log.read(seen + 1, PAGE).whenCompleteAsync(this::took, executor);
            }
        }

        private synchronized void took(List<LoggedEvent> page, Throwable failure) {
            reading = false;
            if (over) {
                return;
            }
            if (failure != null) {
                end();
                observer.onError(EventApi.unreadable(failure));
                return;
            }
            page.stream().filter(query::takes).forEach(unsent::add);
            seen = page.isEmpty() ? feed.latest().seq() : page.getLast().seq();
            advance();
        }
    }
}
