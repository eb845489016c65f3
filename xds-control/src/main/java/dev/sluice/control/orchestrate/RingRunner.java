package dev.sluice.control.orchestrate;

import dev.sluice.contract.NodeName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.RingPlan;
import dev.sluice.control.catalog.Rollout;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.RingTrouble;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.lifecycle.ring.RingProgress;
import dev.sluice.control.path.ChangePath;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Takes structure through the rings of the plan. At every tick it gives at most the one next
 * command:
 *
 * <pre>
 * a node of a ring that has it refused it            halt
 * such a node has not accepted it by the deadline    halt
 * every live node of the current ring has it         confirm it: the bake begins
 * the bake is over and every ring before has it      offer it to the next ring
 * </pre>
 *
 * It keeps no state of its own but since when it has been waiting for whom. A new leader, or one
 * that did not look for {@link #GAP}, gives every node its whole time again. The ring and revision
 * that each command names keep it from being done twice.
 *
 * <p>Used by one thread at a time.
 */
public final class RingRunner {
    private static final Duration GAP = Duration.ofSeconds(10);

    private final ChangePath path;
    private final Supplier<FleetReport> fleet;
    private final InstantSource clock;
    private final Map<NodeName, Instant> waitingSince = new HashMap<>();
    private CompletableFuture<?> underWay = CompletableFuture.completedFuture(null);
    private Attempt attempt = new Attempt(0, 0, 0);
    private Instant lastTick = Instant.EPOCH;

    /** What is waited for. */
    private record Attempt(long revision, int ring, long resumed) {}

    /**
     * @param fleet what the nodes have told of themselves by now
     */
    public RingRunner(ChangePath path, Supplier<FleetReport> fleet, InstantSource clock) {
        this.path = path;
        this.fleet = fleet;
        this.clock = clock;
    }

    /** Looks at the plan; to be called every second or so. */
    public void tick() {
        if (clock.instant().isAfter(lastTick.plus(GAP))) {
            waitingSince.clear();
        }
        lastTick = clock.instant();
        Catalog catalog = path.feed().latest();
        Optional<RingPlan> plan = catalog.ringPlan();
        if (plan.isEmpty() || plan.get().rollout().state() != Rollout.State.ROLLING) {
            waitingSince.clear();
        } else if (underWay.isDone()) {
            next(plan.get(), RingProgress.of(catalog, plan.get(), fleet.get()))
                    .ifPresent(this::give);
        }
    }

    private Optional<Command> next(RingPlan plan, List<RingProgress> all) {
        Rollout rollout = plan.rollout();
        List<RingProgress> rings = all.subList(0, rollout.ring() + 1);
        List<RingTrouble> troubles = new ArrayList<>();
        rings.forEach(ring -> troubles.addAll(ring.refusing()));
        troubles.addAll(silent(plan, rings));
        RingProgress current = rings.getLast();
        if (!troubles.isEmpty()) {
            return Optional.of(
                    new Command.HaltStructure(
                            plan.name(),
                            rollout.ring(),
                            rollout.revision(),
                            troubles.subList(0, Math.min(RingTrouble.MOST, troubles.size())),
                            stopped(plan, troubles)));
        }
        if (rollout.current().appliedTime().isEmpty()) {
            return current.isApplied()
                    ? Optional.of(
                            new Command.ConfirmRing(
                                    plan.name(), rollout.ring(), rollout.revision()))
                    : Optional.empty();
        }
        boolean goesOn =
                !rollout.isLast(rollout.ring())
                        && rings.stream().allMatch(RingProgress::isApplied)
                        && current.hasBaked(plan, clock.instant());
        return goesOn
                ? Optional.of(
                        new Command.OfferRing(plan.name(), rollout.ring() + 1, rollout.revision()))
                : Optional.empty();
    }

    private List<RingTrouble> silent(RingPlan plan, List<RingProgress> rings) {
        Rollout rollout = plan.rollout();
        var now = new Attempt(rollout.revision(), rollout.ring(), rollout.resumed());
        if (!now.equals(attempt)) {
            waitingSince.clear();
            attempt = now;
        }
        Set<NodeName> waiting = new HashSet<>();
        List<RingTrouble> silent = new ArrayList<>();
        for (RingProgress ring : rings) {
            Duration deadline = plan.spec().rings().get(ring.ring()).deadline();
            for (NodeName node : ring.waiting()) {
                waiting.add(node);
                Instant since = waitingSince.computeIfAbsent(node, _ -> clock.instant());
                if (!clock.instant().isBefore(since.plus(deadline))) {
                    silent.add(new RingTrouble(node, "has not accepted it within " + deadline));
                }
            }
        }
        waitingSince.keySet().retainAll(waiting);
        return silent;
    }

    private static String stopped(RingPlan plan, List<RingTrouble> troubles) {
        RingTrouble first = troubles.getFirst();
        return "stopped in ring "
                + plan.ringId(plan.rollout().ring())
                + " by "
                + troubles.size()
                + (troubles.size() == 1 ? " node: " : " nodes, first ")
                + first.node()
                + ": "
                + first.what();
    }

    private void give(Command command) {
        underWay = path.submit(command, CommandContext.of(Principal.ORCHESTRATOR, clock.instant()));
    }
}
