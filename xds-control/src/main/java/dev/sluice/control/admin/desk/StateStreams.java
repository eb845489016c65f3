package dev.sluice.control.admin.desk;

import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.orchestrate.NodeStates;
import dev.sluice.control.path.CatalogFeed;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Streams of state: first what is, then every change. What is sent is what differs from what was
 * sent before, and only while the client has room; so a slow client skips states and holds nothing
 * back, and what it has seen is right at each moment. Thread-safe.
 */
public final class StateStreams {
    private final CatalogFeed feed;
    private final NodeStates nodeStates;
    private final Executor executor;

    /**
     * @param executor runs comparisons; never on the thread that changes the state
     */
    public StateStreams(CatalogFeed feed, NodeStates nodeStates, Executor executor) {
        this.feed = feed;
        this.nodeStates = nodeStates;
        this.executor = executor;
    }

    /**
     * What a stream is about. Immutable.
     *
     * @param items what there is, by name, as it is sent
     * @param deleted what is sent of a name that is gone, if anything
     * @param inSync what is sent after everything that is, if anything
     * @param done whether nothing will ever change again
     */
    public record Shape<A>(
            Function<Catalog, Map<String, A>> items,
            Function<String, Optional<A>> deleted,
            Optional<A> inSync,
            Predicate<Catalog> done) {}

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
        private boolean inSync;
        private boolean over;
        private final List<Runnable> endings = new ArrayList<>();

        Stream(ServerCallStreamObserver<A> observer, Shape<A> shape) {
            this.observer = observer;
            this.shape = shape;
        }

        synchronized void start() {
            observer.setOnCancelHandler(this::end);
            observer.setOnReadyHandler(this::advance);
            endings.add(feed.watch(executor, _ -> advance())::close);
            endings.add(nodeStates.watch(() -> executor.execute(this::advance))::close);
        }

        private synchronized void end() {
            over = true;
            endings.forEach(Runnable::run);
        }

        private synchronized void advance() {
            if (over || !observer.isReady()) {
                return;
            }
            Catalog catalog = feed.latest();
            Map<String, A> items = shape.items().apply(catalog);
            if (!sendChanged(items) || !sendDeleted(items)) {
                return;
            }
            if (!inSync) {
                inSync = true;
                shape.inSync().ifPresent(observer::onNext);
            }
            if (shape.done().test(catalog)) {
                end();
                observer.onCompleted();
            }
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
            }
            return true;
        }
    }
}
