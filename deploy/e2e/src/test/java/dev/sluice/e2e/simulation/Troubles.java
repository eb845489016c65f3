package dev.sluice.e2e.simulation;

import dev.sluice.e2e.simulation.invariant.History;
import dev.sluice.e2e.simulation.trouble.Trouble;
import dev.sluice.e2e.simulation.trouble.Trouble.ArmsFail;
import dev.sluice.e2e.simulation.trouble.Trouble.ControlDies;
import dev.sluice.e2e.simulation.trouble.Trouble.ControlIsolated;
import dev.sluice.e2e.simulation.trouble.Trouble.DiskFull;
import dev.sluice.e2e.simulation.trouble.Trouble.DiskInDoubt;
import dev.sluice.e2e.simulation.trouble.Trouble.LinkCut;
import dev.sluice.e2e.simulation.trouble.Trouble.LinksClogged;
import dev.sluice.e2e.simulation.trouble.Trouble.NodeDies;
import dev.sluice.e2e.simulation.trouble.Trouble.NodeLeaves;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** Makes things go wrong, and ends them again, until all is to be calm. Used by one thread. */
final class Troubles {
    private final Fleet fleet;
    private final Departures departures;
    private final SimulatedLog log;
    private final Arms arms;
    private final VirtualTime time;
    private final Sometimes sometimes;
    private final Isolated onIsolated;
    private boolean calm;

    /** Is given a control plane that lives on, but hears no sidecar any more. */
    interface Isolated {
        void by(SimulatedControl old, SplittableRandom random);
    }

    Troubles(
            Fleet fleet,
            Departures departures,
            SimulatedLog log,
            Arms arms,
            VirtualTime time,
            Sometimes sometimes,
            Isolated onIsolated) {
        this.onIsolated = onIsolated;
        this.fleet = fleet;
        this.departures = departures;
        this.log = log;
        this.arms = arms;
        this.time = time;
        this.sometimes = sometimes;
    }

    /** One of them, now. */
    void strike(Trouble trouble) {
        switch (trouble) {
            case ControlDies(Duration lasts) -> {
                fleet.killControl();
                later(lasts, fleet::startControl);
            }
            case ControlIsolated(Duration lasts, long seed) -> {
                fleet.isolateControl()
                        .ifPresent(old -> onIsolated.by(old, new SplittableRandom(seed)));
                later(lasts, fleet::startControl);
            }
            case NodeDies(String node, Duration lasts, boolean keepsState) -> {
                fleet.killNode(node);
                time.after(lasts, () -> fleet.startNode(node, keepsState));
            }
            case NodeLeaves(String node, Duration lasts, boolean keepsState, long seed) ->
                    departures.begin(
                            node,
                            new SplittableRandom(seed),
                            () -> time.after(lasts, () -> fleet.startNode(node, keepsState)));
            case LinkCut(String node, Duration lasts) -> {
                cut(node);
                later(lasts, () -> fleet.heal(node));
            }
            case LinksClogged clogged -> clog(clogged);
            case DiskFull(Duration lasts) -> {
                sometimes.met(Sometimes.Event.STORE_FULL);
                disk(SimulatedLog.Mood.FULL, lasts);
            }
            case DiskInDoubt(Duration lasts) -> {
                sometimes.met(Sometimes.Event.STORE_IN_DOUBT);
                disk(SimulatedLog.Mood.IN_DOUBT, lasts);
            }
            case ArmsFail(double onNew, double onLegacy, Duration lasts) -> {
                arms.fail(onNew, onLegacy);
                later(lasts, () -> arms.fail(0, 0));
            }
        }
    }

    private void clog(LinksClogged clogged) {
        Duration step = clogged.step();
        Duration next = Duration.ZERO;
        for (String node : clogged.cut()) {
            later(next, () -> cut(node));
            next = next.plus(step);
        }
        Duration allCut = next.minus(step);
        later(allCut, this::noteClogged);
        next = allCut.plus(clogged.lasts());
        for (String node : clogged.healed()) {
            later(next, () -> fleet.heal(node));
            next = next.plus(step);
        }
    }

    private void noteClogged() {
        if (fleet.nodes().stream().allMatch(node -> fleet.link(node).isCut())) {
            sometimes.met(Sometimes.Event.ALL_CUT_OFF);
        }
    }

    private void cut(String node) {
        fleet.link(node).cut();
        fleet.note(node, History.NodeIs.State.CUT);
        sometimes.met(Sometimes.Event.CUT_OFF);
    }

    private void disk(SimulatedLog.Mood mood, Duration lasts) {
        log.be(mood);
        later(lasts, () -> log.be(SimulatedLog.Mood.WELL));
    }

    private void later(Duration delay, Runnable what) {
        time.after(
                delay,
                () -> {
                    if (!calm) {
                        what.run();
                    }
                });
    }

    /** Everything ends, and nothing begins any more; a process that has ended still comes back. */
    void stop() {
        calm = true;
        log.be(SimulatedLog.Mood.WELL);
        arms.fail(0, 0);
        fleet.endReplaced();
        fleet.startControl();
        for (String node : List.copyOf(fleet.nodes())) {
            fleet.heal(node);
            fleet.startNode(node, /* keepsState= */ true);
        }
    }
}
