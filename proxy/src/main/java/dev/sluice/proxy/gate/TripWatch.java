package dev.sluice.proxy.gate;

import dev.sluice.contract.GateName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.decide.HeldGate;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.Operation;
import dev.sluice.contract.gate.TakeBack;
import dev.sluice.proxy.observe.ExchangeObserver;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.ExchangeRecord.GateOutcome;
import dev.sluice.proxy.observe.FaultMark;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Watches finished exchanges and takes the keys of a gate and operation back when NEW fails,
 * without asking anybody. One test for each gate, operation and state of the gate; only requests
 * decided by share on a key count, since others say nothing about the arm. A trip stays, over
 * restarts, until a revision acknowledges it. Thread-safe.
 */
public final class TripWatch implements ExchangeObserver {
    private final GateTable table;
    private final LatchIds ids;
    private final Supplier<Instant> now;
    private final Consumer<Trip> onTrip;
    private final ConcurrentMap<Watched, Watch> watches = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Trip> trips = new ConcurrentHashMap<>();

    private record Watched(GateName gate, String operation) {}

    /** A test of one revision; its own lock guards all of it. */
    private static final class Watch {
        private final Gate gate;
        private final TripDetector detector;
        private boolean alarmed;
        private boolean ended;

        Watch(Gate gate) {
            this.gate = gate;
            detector = new TripDetector(gate.trip(), shareOfNew(gate));
        }
    }

    /**
     * @param table whose gates trip
     * @param ids names of trips
     * @param now wall clock
     * @param onTrip told of each trip, on the loop that found it; must not block
     */
    public TripWatch(GateTable table, LatchIds ids, Supplier<Instant> now, Consumer<Trip> onTrip) {
        this.table = table;
        this.ids = ids;
        this.now = now;
        this.onTrip = onTrip;
    }

    @Override
    public void finished(ExchangeRecord exchange) {
        exchange.gate().filter(TripWatch::counts).ifPresent(this::watch);
    }

    private static boolean counts(GateOutcome outcome) {
        return outcome.decision().isDrawn()
                && outcome.keyHash() != 0
                && outcome.fault() != FaultMark.EXCLUDED
                && outcome.result() != ExchangeRecord.Result.CANCELLED;
    }

    private void watch(GateOutcome outcome) {
        Optional<HeldGate> held = table.find(outcome.decision().gate());
        if (held.isEmpty()
                || held.get().gate().trip().trips() == Gate.Trips.OFF
                || held.get().trips().containsKey(outcome.operation())
                || !held.get().gate().revision().equals(outcome.decision().revision())
                || !held.get().gate().share().equals(outcome.decision().share())) {
            return;
        }
        Gate gate = held.get().gate();
        Watch watch =
                watches.compute(
                        new Watched(gate.name(), outcome.operation()),
                        (key, known) ->
                                known != null && known.gate.equals(gate) ? known : new Watch(gate));
        judge(gate, outcome, watch).ifPresent(this::announce);
    }

    /** Probability that a key is answered by NEW: between modes of one arm no key has a choice. */
    private static PartsPerMillion shareOfNew(Gate gate) {
        if (gate.from().authoritative() != gate.to().authoritative()) {
            return gate.share();
        }
        return gate.to().authoritative() == Arm.NEW ? PartsPerMillion.ALL : PartsPerMillion.NONE;
    }

    private Optional<Trip> judge(Gate gate, GateOutcome outcome, Watch watch) {
        synchronized (watch) {
            if (watch.ended) {
                return Optional.empty();
            }
            return switch (watch.detector.seen(
                    outcome.decision().arm(), outcome.keyHash(), isError(outcome.result()))) {
                case OPEN -> Optional.empty();
                case FAILING -> {
                    boolean first = !watch.alarmed;
                    watch.alarmed = true;
                    yield first
                            ? Optional.of(trip(gate, outcome, watch, /* moved= */ false))
                            : Optional.empty();
                }
                case WORSE -> {
                    watch.ended = true;
                    yield Optional.of(trip(gate, outcome, watch, movesKeys(gate, outcome)));
                }
            };
        }
    }

    private static boolean isError(ExchangeRecord.Result result) {
        return switch (result) {
            case SERVER_ERROR, RESET, TIMEOUT -> true;
            case SUCCESS, CLIENT_ERROR, CANCELLED -> false;
        };
    }

    private static boolean movesKeys(Gate gate, GateOutcome outcome) {
        Operation operation = new Operation(outcome.operation(), outcome.operationClass());
        return gate.takeBack() == TakeBack.FROM
                && HeldGate.first(gate).withTrip(operation.name(), "").isTripped(operation);
    }

    private Trip trip(Gate gate, GateOutcome outcome, Watch watch, boolean moved) {
        return new Trip(
                ids.next(),
                gate.name(),
                outcome.operation(),
                gate.revision(),
                now.get(),
                watch.detector.onNew(),
                watch.detector.onLegacy(),
                watch.detector.logLikelihoodRatio(),
                moved);
    }

    /** A trip takes the place of what was said of the same gate and operation before. */
    private void announce(Trip trip) {
        trips.values()
                .removeIf(earlier ->
                        !earlier.moved()
                                && earlier.gate().equals(trip.gate())
                                && earlier.operation().equals(trip.operation()));
        trips.put(trip.id(), trip);
        if (trip.moved()) {
            table.trip(trip.gate(), trip.operation(), trip.id());
        }
        onTrip.accept(trip);
    }

    /** Trips of an earlier run of this process, to be in force again. */
    public void remember(Collection<Trip> earlier) {
        earlier.forEach(trip -> trips.put(trip.id(), trip));
        earlier.forEach(trip -> gateCame(trip.gate()));
    }

    /** Latches what is remembered of a gate, unless the gate acknowledges it. */
    public void gateCame(GateName gate) {
        for (Trip trip : inForce()) {
            if (trip.gate().equals(gate) && trip.moved()) {
                table.trip(gate, trip.operation(), trip.id());
            }
        }
    }

    /** Trips that no revision acknowledged yet, oldest first. */
    public List<Trip> inForce() {
        trips.values().removeIf(this::isAcknowledged);
        return trips.values().stream()
                .sorted(Comparator.comparing(Trip::time).thenComparing(Trip::id))
                .toList();
    }

    private boolean isAcknowledged(Trip trip) {
        return table.find(trip.gate())
                .filter(held -> held.gate().acknowledgedTrips().contains(trip.id()))
                .isPresent();
    }
}
