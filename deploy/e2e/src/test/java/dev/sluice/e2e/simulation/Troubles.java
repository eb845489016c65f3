package dev.sluice.e2e.simulation;

import dev.sluice.e2e.simulation.invariant.History;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** What goes wrong, and ends again, for as long as it is not told to stop. Used by one thread. */
final class Troubles {
    private final Fleet fleet;
    private final Departures departures;
    private final SimulatedLog log;
    private final Arms arms;
    private final VirtualTime time;
    private final RandomGenerator random;
    private final Sometimes sometimes;
    private final Consumer<SimulatedControl> onIsolated;
    private boolean calm;

    /**
     * @param onIsolated is given a control plane that lives on, but hears no sidecar any more
     */
    Troubles(
            Fleet fleet,
            Departures departures,
            SimulatedLog log,
            Arms arms,
            VirtualTime time,
            RandomGenerator random,
            Sometimes sometimes,
            Consumer<SimulatedControl> onIsolated) {
        this.onIsolated = onIsolated;
        this.fleet = fleet;
        this.departures = departures;
        this.log = log;
        this.arms = arms;
        this.time = time;
        this.random = random;
        this.sometimes = sometimes;
    }

    /** One more of them. */
    void strike() {
        if (calm) {
            return;
        }
        String node = fleet.nodes().get(random.nextInt(fleet.nodes().size()));
        switch (random.nextInt(8)) {
            case 0 -> {
                if (random.nextInt(3) == 0) {
                    fleet.isolateControl().ifPresent(onIsolated);
                } else {
                    fleet.killControl();
                }
                later(1, 12, fleet::startControl);
            }
            case 1, 2 -> {
                boolean keepsState = random.nextInt(3) > 0;
                Runnable restart = () -> soon(() -> fleet.startNode(node, keepsState));
                if (random.nextBoolean()) {
                    departures.begin(node, restart);
                } else {
                    fleet.killNode(node);
                    restart.run();
                }
            }
            case 3, 4 -> {
                fleet.link(node).cut();
                fleet.note(node, History.NodeIs.State.CUT);
                sometimes.met(Sometimes.Event.CUT_OFF);
                later(1, 12, () -> fleet.heal(node));
            }
            case 5 -> {
                boolean full = random.nextBoolean();
                sometimes.met(full ? Sometimes.Event.STORE_FULL : Sometimes.Event.STORE_IN_DOUBT);
                log.be(full ? SimulatedLog.Mood.FULL : SimulatedLog.Mood.IN_DOUBT);
                later(1, 4, () -> log.be(SimulatedLog.Mood.WELL));
            }
            default -> {
                double rate = 0.2 + 0.7 * random.nextDouble();
                boolean both = random.nextInt(5) == 0;
                arms.fail(rate, both ? rate : 0);
                later(4, 15, () -> arms.fail(0, 0));
            }
        }
    }

    private void later(int fromSeconds, int toSeconds, Runnable end) {
        long nanos = random.nextLong(fromSeconds * 1_000_000_000L, toSeconds * 1_000_000_000L);
        time.after(
                Duration.ofNanos(nanos),
                () -> {
                    if (!calm) {
                        end.run();
                    }
                });
    }

    /** A process that has ended comes back, calm or not. */
    private void soon(Runnable start) {
        time.after(Duration.ofMillis(random.nextInt(1_000, 5_000)), start);
    }

    /** Everything ends, and nothing begins any more. */
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
