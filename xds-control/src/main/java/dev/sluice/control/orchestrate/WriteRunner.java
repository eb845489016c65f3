package dev.sluice.control.orchestrate;

import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.lifecycle.Lifecycle;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.lifecycle.gate.WriteRules;
import dev.sluice.control.path.ChangePath;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Takes writes on that are to change sides between two stores: {@link WriteRules} says what comes
 * next, and when. It keeps no state of its own but which command is under way: what is on its way
 * is in the gates, so a restart or another leader goes on from there.
 *
 * <p>Used by one thread at a time.
 */
public final class WriteRunner {
    private final ChangePath path;
    private final Supplier<FleetReport> fleet;
    private final InstantSource clock;
    private final Map<ShareTarget, CompletableFuture<?>> underWay = new HashMap<>();

    /**
     * @param fleet what the nodes have told of themselves by now
     */
    public WriteRunner(ChangePath path, Supplier<FleetReport> fleet, InstantSource clock) {
        this.path = path;
        this.fleet = fleet;
        this.clock = clock;
    }

    /** Looks at every gate; to be called every second or more often. */
    public void tick() {
        Catalog catalog = path.feed().latest();
        underWay.values().removeIf(CompletableFuture::isDone);
        List<ShareTarget> moving = WriteRules.moving(catalog);
        if (moving.isEmpty()) {
            return;
        }
        FleetReport told = fleet.get();
        CommandContext context = CommandContext.of(Principal.ORCHESTRATOR, clock.instant());
        for (ShareTarget target : moving) {
            if (!underWay.containsKey(target)) {
                Lifecycle.nextOfWrites(catalog, told, target, context)
                        .ifPresent(next ->
                                underWay.put(
                                        target,
                                        path.submit(
                                                new Command.MoveWrites(target),
                                                context.withReason(next.reason()))));
            }
        }
    }
}
