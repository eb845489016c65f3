package dev.sluice.control.notify;

import dev.sluice.contract.Problem;
import dev.sluice.contract.SinkName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Sink;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.spec.SinkSpec;
import dev.sluice.control.path.CatalogFeed;
import dev.sluice.control.path.EventLog;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.DoubleSupplier;

/**
 * Tells every sink of the events that are for it:
 *
 * <pre>
 * log       events after the sink's place
 * select    by subject, kind and severity
 * send      one at a time, again and again until it is taken or given up
 * record    the new place, in the log
 * </pre>
 *
 * Only the replica that leads does so; another goes on from the recorded place. Commands of others
 * never wait for it: it reads what is committed, and a sink that does not answer holds back its own
 * events alone. Thread-safe.
 */
public final class Notifier {
    private final CatalogFeed feed;
    private final EventLog log;
    private final BiConsumer<Command, CommandContext> path;
    private final Couriers couriers;
    private final InstantSource clock;
    private final Executor executor;
    private final Map<SinkName, Outbox> outboxes = new ConcurrentHashMap<>();
    private final Telling telling;

    /**
     * @param path where commands go
     * @param executor runs sendings, which block
     * @param chance 0..1, anew at each call
     */
    public Notifier(
            CatalogFeed feed,
            EventLog log,
            BiConsumer<Command, CommandContext> path,
            Couriers couriers,
            InstantSource clock,
            Executor executor,
            DoubleSupplier chance) {
        this.feed = feed;
        this.log = log;
        this.path = path;
        this.couriers = couriers;
        this.clock = clock;
        this.executor = executor;
        this.telling = telling(new Backoff(chance));
    }

    /** Goes on with every sink; to be called every second or so, while this replica leads. */
    public void tick() {
        Catalog catalog = feed.latest();
        outboxes.keySet().stream().filter(it -> catalog.sink(it).isEmpty()).forEach(this::close);
        for (Sink sink : catalog.sinks()) {
            outboxes.computeIfAbsent(sink.name(), _ -> new Outbox(sink, telling))
                    .tick(sink, catalog.seq());
        }
    }

    /** Forgets how things stand: another replica leads. */
    public void rest() {
        outboxes.keySet().forEach(this::close);
    }

    private void close(SinkName name) {
        Optional.ofNullable(outboxes.remove(name)).ifPresent(Outbox::close);
    }

    /** How the telling of a sink stands; empty where this replica does not do it. */
    public Optional<SinkState> state(SinkName name) {
        return Optional.ofNullable(outboxes.get(name)).map(Outbox::state);
    }

    /** The same of all, by name. */
    public Map<SinkName, SinkState> states() {
        Map<SinkName, SinkState> states = new TreeMap<>();
        outboxes.forEach((name, outbox) -> states.put(name, outbox.state()));
        return states;
    }

    /** Why nothing can go to a sink as it is written. */
    public Optional<Problem> refusal(SinkSpec sink) {
        return couriers.refusal(sink);
    }

    /**
     * Tells a sink that it is being tested, once.
     *
     * @param id of the news
     */
    public CompletableFuture<Trial> test(SinkSpec sink, String asker, String id) {
        return CompletableFuture.supplyAsync(
                () -> {
                    Instant began = clock.instant();
                    Receipt receipt =
                            couriers.send(sink, News.test(sink.name().name(), asker, id, began));
                    return new Trial(
                            receipt instanceof Receipt.Delivered,
                            receipt.detail(),
                            Duration.between(began, clock.instant()));
                },
                executor);
    }

    /**
     * What came of a test.
     *
     * @param latency until the answer
     */
    public record Trial(boolean delivered, String detail, Duration latency) {}

    private Telling telling(Backoff backoff) {
        return new Telling() {
            @Override
            public CompletableFuture<List<LoggedEvent>> read(long firstSeq, int limit) {
                return log.read(firstSeq, limit);
            }

            @Override
            public Receipt send(SinkSpec to, News news) {
                return couriers.send(to, news);
            }

            @Override
            public void give(Command command) {
                path.accept(command, CommandContext.of(Principal.NOTIFIER, clock.instant()));
            }

            @Override
            public Backoff backoff() {
                return backoff;
            }

            @Override
            public Instant now() {
                return clock.instant();
            }

            @Override
            public Executor executor() {
                return executor;
            }
        };
    }
}
