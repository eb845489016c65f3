package dev.sluice.e2e.simulation;

import dev.sluice.contract.GateName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Arm;
import dev.sluice.proxy.gate.GateAnswer;
import dev.sluice.proxy.gate.GateReply;
import dev.sluice.proxy.gate.GateStep;
import dev.sluice.proxy.gate.GateTable;
import dev.sluice.proxy.gate.LatchIds;
import dev.sluice.proxy.gate.TraceDecisions;
import dev.sluice.proxy.gate.Trip;
import dev.sluice.proxy.gate.TripWatch;
import dev.sluice.proxy.observe.ExchangeRecord.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * One gate of one sidecar under steady load in virtual time: its real decisions, fallback and trip
 * test, and a new version that fails as a row of the catalogue says. Used by one thread.
 */
final class OneGate {
    private static final Duration ANSWER = Duration.ofMillis(5);
    private static final GateName NAME = Shop.SHARED;

    private final Load load;
    private final NewArm newArm;
    private final VirtualTime time;
    private final RandomGenerator random;
    private final String users;
    private final GateTable table = new GateTable();
    private final GateStep gates;
    private final TripWatch trips;
    private final List<Duration> tripped = new ArrayList<>();
    private Optional<Duration> firstAffected = Optional.empty();
    private Duration lastOnNew = Duration.ZERO;
    private int callsSinceTheFirst;
    private int callsUntilTrip;
    private int refusedUsers;
    private int asked;

    /**
     * Requests that come at a fixed rate, each of a user by chance.
     *
     * @param share of keys that are on NEW, parts per million
     * @param perTry longest time of an attempt
     */
    record Load(int share, int perSecond, int users, Duration perTry) {}

    /** What the new version does with an attempt. */
    @FunctionalInterface
    interface NewArm {
        /**
         * How an attempt ends.
         *
         * @param now since the start
         */
        Ends ends(Duration now, RandomGenerator random);
    }

    /** The end of an attempt that waits for nothing longer than its answer. */
    enum Ends {
        WELL,
        /** The answer comes too late. */
        LATE,
        /** The answer is a 503. */
        FAILED
    }

    /**
     * What was seen.
     *
     * @param asked requests in all
     * @param firstAffected when the first attempt began that went wrong on NEW
     * @param trips when the gate was taken back
     * @param lastOnNew when the last request was decided for NEW
     * @param callsUntilTrip attempts on NEW from the first that went wrong to the first trip
     * @param refusedUsers requests whose users got an error
     */
    record Seen(
            int asked,
            Optional<Duration> firstAffected,
            List<Duration> trips,
            Duration lastOnNew,
            int callsUntilTrip,
            int refusedUsers) {
        Seen {
            trips = List.copyOf(trips);
        }

        /** From the first affected request to the last decision for NEW. */
        Duration untilShareIsNone() {
            return lastOnNew.minus(firstAffected.orElseThrow());
        }
    }

    private OneGate(long seed, Load load, NewArm newArm) {
        this.load = load;
        this.newArm = newArm;
        SplittableRandom root = new SplittableRandom(seed);
        time = new VirtualTime(root.split());
        random = root.split();
        users = "u" + Long.toHexString(seed) + "-";
        gates = new GateStep(table, new TraceDecisions(), random::nextLong);
        trips = new TripWatch(table, new LatchIds("edge", "boot"), time::instant, this::tripped);
        var unused =
                table.offer(
                        Shop.shared().withShare(new PartsPerMillion(load.share())), time.instant());
    }

    /** Runs it for so long. */
    static Seen run(long seed, Load load, NewArm newArm, Duration length) {
        OneGate one = new OneGate(seed, load, newArm);
        long between = Duration.ofSeconds(1).toNanos() / load.perSecond();
        for (long at = 0; at < length.toNanos(); at += between) {
            one.time.runUntil(Duration.ofNanos(at));
            one.request();
        }
        one.time.runUntil(length.plus(load.perTry()).plus(ANSWER));
        return new Seen(
                one.asked,
                one.firstAffected,
                one.tripped,
                one.lastOnNew,
                one.callsUntilTrip,
                one.refusedUsers);
    }

    private void request() {
        asked++;
        Requests.Request request =
                Requests.Request.read(NAME, users + random.nextInt(load.users()));
        GateReply reply =
                gates.decide(Optional.of(request.route()), Optional.empty(), request.view());
        if (!(reply instanceof GateAnswer.Decided decided)) {
            throw new IllegalStateException("no decision: " + reply);
        }
        Duration now = Duration.ofNanos(time.nanos());
        if (decided.decision().arm() == Arm.LEGACY) {
            end(request, decided, Result.SUCCESS, ANSWER);
            return;
        }
        lastOnNew = now;
        switch (newArm.ends(now, random)) {
            case WELL -> end(request, decided, Result.SUCCESS, ANSWER);
            case LATE -> wrong(request, decided, Result.TIMEOUT, load.perTry());
            case FAILED -> wrong(request, decided, Result.SERVER_ERROR, ANSWER);
        }
        callsSinceTheFirst += firstAffected.isPresent() ? 1 : 0;
    }

    private void wrong(
            Requests.Request request, GateAnswer.Decided decided, Result result, Duration after) {
        if (firstAffected.isEmpty()) {
            firstAffected = Optional.of(Duration.ofNanos(time.nanos()));
        }
        if (decided.fallback().isEmpty()) {
            refusedUsers++;
        }
        end(request, decided, result, after.plus(ANSWER));
    }

    private void end(
            Requests.Request request, GateAnswer.Decided decided, Result result, Duration after) {
        boolean fellBack = result != Result.SUCCESS && decided.fallback().isPresent();
        time.after(
                after,
                () ->
                        trips.finished(
                                request.exchange(
                                        decided.decision(),
                                        new Requests.Ending(result, fellBack))));
    }

    private void tripped(Trip trip) {
        if (trip.moved()) {
            if (tripped.isEmpty()) {
                callsUntilTrip = callsSinceTheFirst;
            }
            tripped.add(Duration.ofNanos(time.nanos()));
        }
    }
}
