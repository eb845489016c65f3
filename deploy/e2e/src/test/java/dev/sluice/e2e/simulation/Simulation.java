package dev.sluice.e2e.simulation;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.Gate;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Event.GatesRevised.Action;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.RampState;
import dev.sluice.e2e.simulation.connection.Sockets;
import dev.sluice.e2e.simulation.invariant.History;
import dev.sluice.e2e.simulation.trouble.Planned;
import dev.sluice.e2e.simulation.trouble.TroublePlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * One run, top to bottom:
 *
 * <pre>
 * start      a control plane, its log empty, and some sidecars
 * trouble    people move keys; processes die, networks break, disks fill, the new version fails
 * calm       everything lives and is well again; people kill and resume each gate once
 * end        what sidecars hold, and the history, for invariants
 * </pre>
 *
 * All chance comes from the seed. What goes wrong, what people do and what users ask each have
 * generators of their own: with some troubles left out, the others and all requests stay the same.
 * Used by one thread.
 */
final class Simulation {
    private static final Duration UNTIL_CALM = Duration.ofSeconds(14);
    private static final Duration CALM = Duration.ofSeconds(12);
    private static final int LONGEST_PAUSE_OF_PEOPLE = 3_000;
    private static final int LONGEST_PAUSE_OF_USERS = 36;
    private static final int LONGEST_PAUSE_OF_WRITERS = 60;

    private final History history = new History();
    private final Sometimes sometimes = new Sometimes();
    private final Scenario scenario;
    private final SplittableRandom random;
    private final VirtualTime time;
    private final Fleet fleet;
    private final Traffic traffic;
    private final People people;
    private final Troubles troubles;

    /**
     * What is left of a run.
     *
     * @param troubles what went wrong
     */
    record Result(History history, Sometimes sometimes, List<Planned> troubles) {}

    private Simulation(Scenario scenario, Path folder, Wiring wiring) {
        this.scenario = scenario;
        SplittableRandom root = new SplittableRandom(scenario.seed());
        random = root.split();
        time = new VirtualTime(root.split());
        SimulatedLog log = new SimulatedLog(wiring, this::logged);
        Arms arms = new Arms();
        fleet = new Fleet(folder, log, time, root.split(), history, sometimes, wiring);
        traffic = new Traffic(fleet, arms, time, root.split(), history, sometimes, wiring);
        Sockets sockets = new Sockets(time::nanos);
        time.afterEach(sockets::run);
        Departures departures =
                new Departures(fleet, traffic, sockets, time, history, sometimes, wiring);
        people = new People(fleet::control, time, root.split(), history, sometimes);
        troubles = new Troubles(fleet, departures, log, arms, time, sometimes, this::askTheOldOne);
    }

    /**
     * Makes a run.
     *
     * @param folder for what sidecars remember; empty before, and not to be used again
     * @param wiring {@link Wiring#REAL}, or one with a defect
     */
    static Result run(Scenario scenario, Path folder, Wiring wiring) {
        return new Simulation(scenario, folder, wiring).run();
    }

    private Result run() {
        Link.Weather weather =
                random.nextInt(3) == 0 ? Link.Weather.FINE : new Link.Weather(60, .03, .03, .08);
        fleet.startControl();
        people.openShop(scenario);
        for (int i = 1; i <= 2 + random.nextInt(2); i++) {
            String node = "edge-" + i;
            fleet.add(node, weather);
        }
        fleet.nodes().forEach(node -> fleet.startNode(node, /* keepsState= */ true));
        Duration calm = scenario.trouble().plus(UNTIL_CALM);
        Duration end = calm.plus(CALM);
        again(random.split(), LONGEST_PAUSE_OF_USERS, end, traffic::request);
        if (scenario.isBetweenStores()) {
            again(random.split(), LONGEST_PAUSE_OF_WRITERS, end, traffic::writeEverywhere);
        }
        again(random.split(), LONGEST_PAUSE_OF_PEOPLE, scenario.trouble(), people::act);
        List<Planned> plan =
                TroublePlan.draw(random.split(), fleet.nodes(), scenario.trouble()).stream()
                        .filter(scenario::has)
                        .toList();
        plan.forEach(one -> time.at(one.at().toNanos(), () -> troubles.strike(one.trouble())));
        time.at(scenario.trouble().toNanos(), troubles::stop);
        time.at(calm.toNanos(), () -> eachGate(people::kill));
        time.at(calm.plusSeconds(3).toNanos(), () -> eachGate(people::resume));
        try {
            time.runUntil(end);
            history.add(new History.AtTheEnd(time.nanos(), held(), committed()));
        } catch (RuntimeException defect) {
            history.add(new History.Broke(time.nanos(), defect.toString()));
        }
        return new Result(history, sometimes, plan);
    }

    /** Somebody who does not know that another control plane has taken over. */
    private void askTheOldOne(SimulatedControl old, SplittableRandom own) {
        var unaware =
                new People(
                        () -> Optional.of(old), time, own.split(), new History(), new Sometimes());
        Duration end = Duration.ofNanos(time.nanos()).plus(Fleet.UNAWARE);
        Duration calm = scenario.trouble();
        again(own, LONGEST_PAUSE_OF_PEOPLE, end.compareTo(calm) < 0 ? end : calm, unaware::act);
    }

    private void again(
            SplittableRandom pauses, int longestMillis, Duration until, Runnable action) {
        long next = time.nanos() + pauses.nextInt(1, longestMillis * 1_000) * 1_000L;
        if (next < until.toNanos()) {
            time.at(
                    next,
                    () -> {
                        action.run();
                        again(pauses, longestMillis, until, action);
                    });
        }
    }

    private static void eachGate(java.util.function.Consumer<GateName> action) {
        List.of(Shop.SHARED, Shop.SEPARATE).forEach(action);
    }

    private Map<String, Map<GateName, Gate>> held() {
        Map<String, Map<GateName, Gate>> held = new TreeMap<>();
        fleet.nodes()
                .forEach(node ->
                        fleet.sidecar(node).ifPresent(alive -> held.put(node, alive.held())));
        return held;
    }

    private Map<GateName, Gate> committed() {
        Map<GateName, Gate> committed = new TreeMap<>();
        fleet.control()
                .orElseThrow()
                .catalog()
                .gates()
                .forEach(gate -> committed.put(gate.name(), gate.content()));
        return committed;
    }

    private void logged(LoggedEvent event) {
        history.add(new History.Logged(time.nanos(), event));
        switch (event.event()) {
            case Event.GatesRevised(Action action, var _)
                    when action == Action.KILLED
                            && event.stamp().principal().equals(Principal.NODES) ->
                    sometimes.met(Sometimes.Event.KILL_KEPT);
            case Event.GatesRevised(Action action, var _) when action == Action.SHARE_SET ->
                    sometimes.met(Sometimes.Event.SHARE_SET);
            case Event.GatesRevised(Action action, var _) when action == Action.ROLLED_BACK ->
                    sometimes.met(Sometimes.Event.ROLLED_BACK);
            case Event.GatesRevised(Action action, var _) when action == Action.KILLED ->
                    sometimes.met(Sometimes.Event.KILLED);
            case Event.GatesRevised(Action action, var _) when action == Action.RESUMED ->
                    sometimes.met(Sometimes.Event.RESUMED);
            case Event.GatesRevised(Action action, var gates)
                    when action == Action.UPDATED
                            && gates.getFirst().content().name().equals(Shop.SEPARATE) ->
                    sometimes.met(Sometimes.Event.NEXT_PAIR_OF_MODES);
            case Event.RampMoved(var _, RampState state, var _) when state == RampState.SUCCEEDED ->
                    sometimes.met(Sometimes.Event.RAMP_SUCCEEDED);
            case Event.RampMoved(var _, RampState state, var _)
                    when state == RampState.ROLLED_BACK ->
                    sometimes.met(Sometimes.Event.RAMP_TAKEN_BACK);
            default -> {}
        }
        if (event.event() instanceof Event.GatesRevised(var _, var gates)
                && gates.getFirst().content().writeHold().isPresent()) {
            sometimes.met(Sometimes.Event.WRITES_HELD);
        }
    }
}
