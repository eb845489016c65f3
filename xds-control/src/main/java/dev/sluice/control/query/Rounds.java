package dev.sluice.control.query;

import dev.sluice.contract.RampName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Ramp;
import dev.sluice.control.change.JudgedQuery;
import dev.sluice.control.change.spec.QueryCriterion;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Asks for the criteria of every ramp at work, round after round, from when its step is applied:
 *
 * <pre>
 * due       the interval is over, and the last round has ended
 * fill in   the query, for each gate and arm
 * ask       on a thread of its own
 * keep      the newest looks, for whoever judges
 * </pre>
 *
 * What is kept is of the step in force alone. It is lost with the process, and asked for again.
 * {@link #tick} is called by one thread at a time and returns at once; {@link #looks} by any.
 */
public final class Rounds {
    private final MetricsServer server;
    private final InstantSource clock;
    private final Executor executor;
    private final Map<Key, Asking> askings = new ConcurrentHashMap<>();

    /** One query of one step about one gate. Immutable. */
    private record Key(RampName ramp, Instant stepTime, String criterion, String gate) {}

    /**
     * @param executor runs the asking, which blocks
     */
    public Rounds(Prometheus server, InstantSource clock, Executor executor) {
        this((MetricsServer) server, clock, executor);
    }

    Rounds(MetricsServer server, InstantSource clock, Executor executor) {
        this.server = server;
        this.clock = clock;
        this.executor = executor;
    }

    /**
     * Begins the rounds that are due; to be called every second or so, while this replica leads.
     */
    public void tick(Catalog catalog) {
        List<Ramp> asking =
                catalog.runningRamps().stream()
                        .filter(ramp -> !ramp.spec().judge().queries().isEmpty())
                        .toList();
        askings.keySet()
                .removeIf(key ->
                        asking.stream()
                                .noneMatch(ramp ->
                                        ramp.name().equals(key.ramp())
                                                && ramp.stepTime().equals(key.stepTime())));
        Instant now = clock.instant();
        for (Ramp ramp : asking) {
            ramp.stepAppliedTime().ifPresent(since -> ask(catalog, ramp, since, now));
        }
    }

    /** What was answered about the step in force, of each criterion that was asked. */
    public List<JudgedQuery> looks(Catalog catalog, Ramp ramp) {
        return catalog.gatesOf(ramp.spec().target()).stream()
                .flatMap(gate ->
                        ramp.spec().judge().queries().stream()
                                .flatMap(criterion ->
                                        Optional.ofNullable(askings.get(key(ramp, criterion, gate)))
                                                .map(Asking::looks)
                                                .map(looks ->
                                                        new JudgedQuery(
                                                                criterion.name(),
                                                                gate.name(),
                                                                looks))
                                                .stream()))
                .toList();
    }

    private void ask(Catalog catalog, Ramp ramp, Instant since, Instant now) {
        for (GateState gate : catalog.gatesOf(ramp.spec().target())) {
            for (QueryCriterion criterion : ramp.spec().judge().queries()) {
                askings.computeIfAbsent(
                                key(ramp, criterion, gate),
                                _ ->
                                        new Asking(
                                                criterion,
                                                gate.content(),
                                                since,
                                                Before.of(catalog, ramp, criterion, gate.name())))
                        .begin(server, clock, executor, now);
            }
        }
    }

    private static Key key(Ramp ramp, QueryCriterion criterion, GateState gate) {
        return new Key(ramp.name(), ramp.stepTime(), criterion.name(), gate.name().id());
    }
}
