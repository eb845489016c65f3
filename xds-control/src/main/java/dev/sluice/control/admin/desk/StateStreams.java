package dev.sluice.control.admin.desk;

import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.orchestrate.NodeStates;
import dev.sluice.control.path.CatalogFeed;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Streams of state: first what is, then every change. What is sent is what differs from what was
 * sent before, and only while the client has room; so a slow client skips states and holds nothing
 * back, and what it has seen is right at each moment. One that reads nothing at all for {@link
 * #LONGEST_DEAF} while there is something to tell is cut off. Thread-safe.
 */
public final class StateStreams {
    /** How long a client may read nothing. */
    static final Duration LONGEST_DEAF = Duration.ofMinutes(2);

    private final CatalogFeed feed;
    private final Function<Runnable, NodeStates.Watch> news;
    private final Executor executor;
    private final InstantSource clock;

    /**
     * @param news calls soon after something changed that is not in the catalog
     * @param executor runs comparisons; never on the thread that changes the state
     */
    public StateStreams(
            CatalogFeed feed,
            Function<Runnable, NodeStates.Watch> news,
            Executor executor,
            InstantSource clock) {
        this.clock = clock;
        this.feed = feed;
        this.news = news;
        this.executor = executor;
    }

    /**
     * What a stream is about. Immutable.
     *
     * @param items what there is, by name, as it is sent
     * @param deleted what is sent of a name that is gone, if anything
     * @param progress what is sent once everything was
     * @param done whether nothing will ever change again
     * @param known names of what the client has as it is, from a stream before
     */
    public record Shape<A>(
            Function<Catalog, Map<String, A>> items,
            Function<String, Optional<A>> deleted,
            Progress<A> progress,
            Predicate<Catalog> done,
            Function<Catalog, Set<String>> known) {
        /** For a client that begins with nothing and needs no mark. */
        public Shape(
                Function<Catalog, Map<String, A>> items,
                Function<String, Optional<A>> deleted,
                Predicate<Catalog> done) {
            this(items, deleted, new Progress.Silent<>(), done, _ -> Set.of());
        }
    }

    /** What marks that everything up to a state was sent. */
    public sealed interface Progress<A> {
        /** Nothing. */
        record Silent<A>() implements Progress<A> {}

        /** One mark, after what was there when the stream began. */
        record Once<A>(A mark) implements Progress<A> {}

        /** A mark then, and after all that was sent later. */
        record Always<A>(Function<Catalog, A> mark) implements Progress<A> {}

        static <A> Progress<A> once(A mark) {
            return new Once<>(mark);
        }

        static <A> Progress<A> after(Function<Catalog, A> mark) {
            return new Always<>(mark);
        }
    }

    /** Serves one call until its client leaves or it is done. */
    public <A> void open(StreamObserver<A> observer, Shape<A> shape) {
        var stream = new Stream<>((ServerCallStreamObserver<A>) observer, shape);
        stream.start();
    }

    /** One stream. Thread-safe by its lock: a call's observer is not. */
    private final class Stream<A> {
        private final ServerCallStreamObserver<A> observer;
        private final Shape<A> shape;
        private final Map<String, A> sent = new HashMap<>();
        private boolean begun;
        private boolean inSync;
        private boolean told;
        private boolean over;
        private Optional<Instant> deafSince = Optional.empty();
        private final List<Runnable> endings = new ArrayList<>();

        Stream(ServerCallStreamObserver<A> observer, Shape<A> shape) {
            this.observer = observer;
            this.shape = shape;
        }

        synchronized void start() {
            observer.setOnCancelHandler(this::end);
            observer.setOnReadyHandler(this::advance);
            endings.add(feed.watch(executor, _ -> advance())::close);
            endings.add(news.apply(() -> executor.execute(this::advance))::close);
        }

        private synchronized void end() {
            over = true;
            endings.forEach(Runnable::run);
        }

        private synchronized void advance() {
            if (over || isDeaf()) {
                return;
            }
            Catalog catalog = feed.latest();
            Map<String, A> items = shape.items().apply(catalog);
            begin(catalog, items);
            if (!sendChanged(items) || !sendDeleted(items)) {
                return;
            }
            mark(catalog);
            if (shape.done().test(catalog)) {
                end();
                observer.onCompleted();
            }
        }

        /** Whether the client has no room; one that had none for too long is told and left. */
        private boolean isDeaf() {
            if (observer.isReady()) {
                deafSince = Optional.empty();
                return false;
            }
            Instant now = clock.instant();
            if (deafSince.isEmpty()) {
                deafSince = Optional.of(now);
            } else if (now.isAfter(deafSince.get().plus(LONGEST_DEAF))) {
                end();
                observer.onError(
                        Status.RESOURCE_EXHAUSTED
                                .withDescription(
                                        "this watch read nothing for "
                                                + LONGEST_DEAF.toSeconds()
                                                + " s while there was something to tell; read"
                                                + " faster, and watch again from where it was")
                                .asRuntimeException());
            }
            return true;
        }

        /** What the client has already is as if it was sent. */
        private void begin(Catalog catalog, Map<String, A> items) {
            if (begun) {
                return;
            }
            begun = true;
            shape.known()
                    .apply(catalog)
                    .forEach(name -> {
                        if (items.containsKey(name)) {
                            sent.put(name, items.get(name));
                        }
                    });
        }

        private void mark(Catalog catalog) {
            switch (shape.progress()) {
                case Progress.Silent<A>() -> {}
                case Progress.Once<A>(var mark) -> {
                    if (!inSync) {
                        observer.onNext(mark);
                    }
                }
                case Progress.Always<A>(var mark) -> {
                    if (!inSync || told) {
                        observer.onNext(mark.apply(catalog));
                    }
                }
            }
            inSync = true;
            told = false;
        }

        /** Whether all was sent; else the client's next readiness goes on. */
        private boolean sendChanged(Map<String, A> items) {
            for (Map.Entry<String, A> item : items.entrySet()) {
                if (item.getValue().equals(sent.get(item.getKey()))) {
                    continue;
                }
                if (!observer.isReady()) {
                    return false;
                }
                sent.put(item.getKey(), item.getValue());
                observer.onNext(item.getValue());
                told = true;
            }
            return true;
        }

        private boolean sendDeleted(Map<String, A> items) {
            for (String name : new ArrayList<>(sent.keySet())) {
                if (items.containsKey(name)) {
                    continue;
                }
                if (!observer.isReady()) {
                    return false;
                }
                sent.remove(name);
                shape.deleted().apply(name).ifPresent(observer::onNext);
                told = true;
            }
            return true;
        }
    }
}
