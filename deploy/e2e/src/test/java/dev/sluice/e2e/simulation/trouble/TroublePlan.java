package dev.sluice.e2e.simulation.trouble;

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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/** Draws what goes wrong in a run: each trouble from a generator of its own. */
public final class TroublePlan {
    private static final int LONGEST_PAUSE = 6_000;

    private TroublePlan() {}

    /**
     * Draws a trouble every three seconds or so.
     *
     * @param nodes sidecars of the run
     * @param until since the start of the run; no trouble begins later
     */
    public static List<Planned> draw(SplittableRandom random, List<String> nodes, Duration until) {
        SplittableRandom pauses = random.split();
        List<Planned> plan = new ArrayList<>();
        Duration at = pause(pauses);
        while (at.compareTo(until) < 0) {
            plan.add(new Planned(plan.size() + 1, at, trouble(random.split(), nodes)));
            at = at.plus(pause(pauses));
        }
        return plan;
    }

    private static Duration pause(SplittableRandom random) {
        return Duration.ofNanos(random.nextInt(1, LONGEST_PAUSE * 1_000) * 1_000L);
    }

    private static Trouble trouble(SplittableRandom random, List<String> nodes) {
        String node = nodes.get(random.nextInt(nodes.size()));
        return switch (random.nextInt(9)) {
            case 0 ->
                    random.nextInt(3) == 0
                            ? new ControlIsolated(seconds(random, 1, 12), random.nextLong())
                            : new ControlDies(seconds(random, 1, 12));
            case 1, 2 -> {
                boolean keepsState = random.nextInt(3) > 0;
                Duration lasts = seconds(random, 1, 5);
                yield random.nextBoolean()
                        ? new NodeLeaves(node, lasts, keepsState, random.nextLong())
                        : new NodeDies(node, lasts, keepsState);
            }
            case 3, 4 -> new LinkCut(node, seconds(random, 1, 12));
            case 5 -> {
                Duration lasts = seconds(random, 1, 4);
                yield random.nextBoolean() ? new DiskFull(lasts) : new DiskInDoubt(lasts);
            }
            case 6 ->
                    new LinksClogged(
                            shuffled(nodes, random),
                            shuffled(nodes, random),
                            Duration.ofMillis(random.nextInt(1, 2_000)),
                            seconds(random, 1, 8));
            default -> {
                double rate = 0.2 + 0.7 * random.nextDouble();
                boolean both = random.nextInt(5) == 0;
                yield new ArmsFail(rate, both ? rate : 0, seconds(random, 4, 15));
            }
        };
    }

    private static Duration seconds(SplittableRandom random, int from, int to) {
        return Duration.ofNanos(random.nextLong(from * 1_000_000_000L, to * 1_000_000_000L));
    }

    private static List<String> shuffled(List<String> nodes, SplittableRandom random) {
        List<String> shuffled = new ArrayList<>(nodes);
        Collections.shuffle(shuffled, Random.from(random));
        return shuffled;
    }
}
